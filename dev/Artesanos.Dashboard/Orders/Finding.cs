using System.Globalization;
using Artesanos.Dashboard.Engine;

namespace Artesanos.Dashboard.Orders;

internal enum FindingKind
{
    Good,
    Waiting,
    Bad,
}

/// <summary>Why the order is where it is, in words.</summary>
/// <param name="Service">Whose log and state to look at next.</param>
internal sealed record Finding(FindingKind Kind, string Text, string? Service = null)
{
    // Messages leave within milliseconds; a second tells that something holds them.
    private static readonly TimeSpan _late = TimeSpan.FromSeconds(2);

    /// <summary>The most important first.</summary>
    public static IReadOnlyList<Finding> Of(
        OrderStory story, IReadOnlyList<ResourceView> resources, DateTimeOffset now) =>
    [
        End(story) ?? Wait(story),
        .. story.Order.HasEnded && !story.Order.RefundOwed ? [] : Absent(story, resources),
        .. Undelivered(story, now),
        .. story.Messages.Where(m => m.DeadLetter is { Status: "OPEN" }).Select(m => new Finding(
            FindingKind.Bad,
            $"{m.Subject} is a dead letter at {m.DeadLetter!.At}: {m.DeadLetter.Error}",
            m.DeadLetter.At)),
        .. Stripe(story),
        .. story.Unread.Select(u => new Finding(
            FindingKind.Bad, $"The database of {u.Key} does not answer: {u.Value}", "postgres")),
    ];

    private static Finding? End(OrderStory story)
    {
        var order = story.Order;
        if (!order.HasEnded)
        {
            return null;
        }
        if (order.RefundOwed)
        {
            return new(FindingKind.Waiting, "A charge came after the end; its refund is owed and "
                + "asked for again until Payments answers.", "payments");
        }
        var seconds = (story.History[^1].At - order.PlacedAt).TotalSeconds;
        return order.Status == "COMPLETED"
            ? new(FindingKind.Good, string.Create(
                CultureInfo.InvariantCulture, $"Completed in {seconds:0.00} s."))
            : new(FindingKind.Bad, $"{order.Status}, {order.Reason}: {Reason(story)}");
    }

    private static string Reason(OrderStory story) => story.Order.Reason switch
    {
        "out_of_stock" => "Inventory had too few pieces"
            + $"{(story.Hold is { } hold ? $": {hold.Missing}" : "")}. Nothing was held.",
        "unknown_product" => "Inventory does not know a product of it.",
        "mixed_currencies" => "its products have different currencies.",
        "price_changed" => "the shopper expected "
            + $"{Money.Text(story.Order.ExpectedTotalMinor, story.Order.Currency)}, Inventory "
            + $"asked {Money.Text(story.Order.TotalMinor, story.Order.Currency)}.",
        "reserve_timeout" => "Inventory did not answer in time.",
        "payment_timeout" => story.Payment is null
            ? "Payments did not answer in time."
            : $"it was not paid in time; the payment is {story.Payment.Status}.",
        "payment_failed" => $"the card was declined: {story.Payment?.FailureReason}.",
        "payment_cancelled" => "the intent was cancelled at Stripe, not by us.",
        "hold_expired" => "the hold ran out before the payment; a charge is refunded.",
        "stock_lost" => "the hold ran out and the pieces were sold to another; it is refunded.",
        "cancelled_by_customer" => "the shopper cancelled it.",
        "cancelled_by_operator" => "an operator cancelled it: "
            + $"{story.History.LastOrDefault(h => h.AskedBy is not null)?.AskedBy}.",
        var other => $"{other}.",
    };

    private static Finding Wait(OrderStory story)
    {
        var state = SagaMap.Find(story.Order.State);
        var asked = story.Order.State == "PAYMENT_PENDING"
            ? "It waits for the payment."
            : $"It waits for {state.Service} to answer {state.Command}.";
        var stuck = story.Order.StuckSince is null ? ""
            : $" Flagged as stuck after {story.Order.Resends} repetitions: cure the cause, then "
                + $"POST /orders/operations/stuck/{story.Order.Id}/retry.";
        var undo = story.Order.Reason is { } reason ? $" It is being undone: {reason}." : "";
        return new(story.Order.StuckSince is null ? FindingKind.Waiting : FindingKind.Bad,
            asked + undo + stuck, state.Service);
    }

    private static IEnumerable<Finding> Absent(
        OrderStory story, IReadOnlyList<ResourceView> resources)
    {
        var asked = SagaMap.Find(story.Order.State).Service;
        string?[] needed = [asked, "orders", "nats", "postgres"];
        foreach (var resource in resources.Where(r => needed.Contains(r.Resource)))
        {
            if (resource.Health != "Healthy" || resource.IsPaused)
            {
                var state = resource switch
                {
                    { IsPaused: true } => "paused",
                    { IsRunning: true } => "not healthy",
                    _ => "not running",
                };
                yield return new(FindingKind.Bad,
                    $"{resource.Id} is {state}{(resource.Reason is { } why ? $": {why}" : "")}.",
                    resource.Id);
            }
        }
    }

    private static IEnumerable<Finding> Undelivered(OrderStory story, DateTimeOffset now)
    {
        foreach (var message in story.Messages.Where(m => now - m.CreatedAt > _late))
        {
            if (message is { PublishedAt: null, DeadLetter: null })
            {
                yield return new(FindingKind.Bad, $"{message.Subject} waits in the outbox of "
                    + $"{message.From}: NATS does not take it.", message.From);
            }
            else if (message is { Handled: [], DeadLetter: null }
                && !message.Subject.StartsWith("orders.", StringComparison.Ordinal))
            {
                yield return new(FindingKind.Bad,
                    $"{message.Subject} was published, and nobody has handled it.");
            }
        }
    }

    private static IEnumerable<Finding> Stripe(OrderStory story)
    {
        if (story.Payment is not { } payment || story.Order.HasEnded && !story.Order.RefundOwed)
        {
            yield break;
        }
        if (payment is { NextTryAt: { } next, Tries: > 0 })
        {
            yield return new(FindingKind.Bad, string.Create(CultureInfo.InvariantCulture,
                $"Stripe gave no usable answer {payment.Tries} times; next try {next:HH:mm:ss}."),
                "payments");
        }
        if (payment is { Status: "OPEN", PaymentMethodId: null, NextTryAt: null })
        {
            yield return new(FindingKind.Waiting,
                "The shopper has not paid: the intent waits for a card in the browser.");
        }
        if (payment.Status == "QUARANTINED")
        {
            yield return new(FindingKind.Bad,
                "The charge at Stripe is not ours as it stands: an operator decides.", "payments");
        }
    }
}

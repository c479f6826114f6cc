using System.Text.Json;
using Artesanos.Audit;
using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;
using Artesanos.Payments.Charging;
using PaymentFact = Artesanos.Audit.PaymentFact;

namespace Artesanos.Tests.Proof.Simulation;

/// <summary>
/// Holds the memory of a simulation against the eight invariants: the same code that reads the
/// databases after a test or a crash.
/// </summary>
internal static class SimulationAudit
{
    public static List<Violation> Check(Simulation run, bool ended)
    {
        List<Violation> violations = [.. SystemAudit.Check(FactsOf(run)).Violations];
        if (!ended)
        {
            violations.Add(new Violation(6, "the run", "it never comes to rest"));
        }
        Service[] services = [run.Orders, run.Inventory, run.Payments];
        violations.AddRange(services.SelectMany(service => service.DeadLetters)
            .Select(letter => new Violation(3, $"message {letter.Key}", letter.Value)));
        // The faults have ended and nothing is due: what is still flagged or owed stays so.
        violations.AddRange(run.Orders.Sagas.Values
            .Where(saga => saga.Deadline is not null || saga.RefundOwed)
            .Select(saga => new Violation(
                6, $"order {saga.OrderId}", $"still {saga.State}, refund owed {saga.RefundOwed}")));
        return violations;
    }

    private static Facts FactsOf(Simulation run)
    {
        var history = run.Orders.History.Select(entry =>
        {
            var (status, step) = OrderStatus.Name(entry.State);
            return new HistoryFact(entry.OrderId, entry.Version, status, step, entry.Effect);
        });
        return new Facts(
            run.Orders.Sagas.Values.Select(OrderOf).ToDictionary(order => order.Id),
            history.ToLookup(entry => entry.OrderId),
            run.Payments.Rows.Values.Select(row => new PaymentFact(
                row.OrderId, row.Status.Text(), row.AmountMinor, row.Currency))
                .ToDictionary(row => row.OrderId),
            run.Inventory.Reservations.Values.Select(row => new ReservationFact(
                row.OrderId, row.State.ToString(), Lines(row)))
                .ToDictionary(row => row.OrderId),
            [.. run.Inventory.Products.Values.Select(product => new ProductFact(
                product.Id, product.OnHand, product.Held, run.Inventory.Received[product.Id]))],
            MailOf(run.Orders), MailOf(run.Payments), MailOf(run.Inventory),
            LedgerOf(run))
        {
            ReadAt = run.Agenda.Now,
        };
    }

    /// <summary>Written as the database holds them.</summary>
    private static JsonElement Lines(Reservation row) =>
        JsonSerializer.SerializeToElement(row.Lines, ReservationJson.Default.Lines);

    private static OrderFact OrderOf(OrderSaga saga)
    {
        var (status, step) = OrderStatus.Name(saga.State);
        return new OrderFact(
            saga.OrderId, status, step, saga.TotalMinor, saga.Currency, saga.RefundOwed,
            saga.StuckSince is not null, saga.Version, saga.Deadline);
    }

    private static Mailbox MailOf(Service service) => new(
        service.Outbox.ConvertAll(row => new MessageFact(
            row.Envelope.Id, row.Envelope.OrderId, MessageTypes.Of(row.Envelope.Body).Subject,
            row.IsPublished, Agenda.Start)),
        service.Inbox, [.. service.DeadLetters.Keys]);

    /// <summary>
    /// An order has two intents when it was created under another key after a 500. Nobody ever
    /// learns the secret of the one that no row knows, so it cannot be paid.
    /// </summary>
    private static Dictionary<Guid, LedgerFact> LedgerOf(Simulation run) =>
        run.Stripe.Intents.Values.GroupBy(intent => intent.OrderId).ToDictionary(
            intents => intents.Key, intents => new LedgerFact(
                intents.Key,
                intents.Sum(intent => intent.Charges * intent.Amount),
                intents.Sum(intent => intent.Refunded),
                intents.Sum(intent => intent.Charges),
                intents.Any(intent => (intent.IsPayable || intent.Status == "processing")
                    && run.Payments.Rows[intent.OrderId].IntentId == intent.Id)));
}

namespace Artesanos.Audit;

/// <summary>
/// 3: each committed message reached the inbox of every service that subscribes to it, or is a
/// dead letter that an operator can see. 4: an order tells its end once.
/// </summary>
internal static class MessageInvariants
{
    public static IEnumerable<Violation> Check(Facts facts)
    {
        Mailbox[] senders = [facts.OrdersMail, facts.PaymentsMail, facts.InventoryMail];
        foreach (var message in senders.SelectMany(sender => sender.Sent)
            .Where(message => !facts.IsUnderWay(message.MovedAt)))
        {
            if (!message.Published)
            {
                yield return new Violation(3, $"message {message.Id}",
                    $"{message.Subject} is not published");
            }
            else if (Receiver(facts, message.Subject) is { } receiver
                && !receiver.Handled.Contains(message.Id)
                && !receiver.DeadLetters.Contains(message.Id))
            {
                yield return new Violation(3, $"message {message.Id}",
                    $"{message.Subject} reached no inbox and no dead letters");
            }
        }
        foreach (var violation in CheckEnds(facts))
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> CheckEnds(Facts facts)
    {
        foreach (var order in facts.OrdersMail.Sent
            .Where(message => message.Subject is
                "orders.confirmed" or "orders.cancelled" or "orders.failed")
            .GroupBy(message => message.Key))
        {
            var ends = order.Select(message => message.Subject).ToList();
            if (ends.Count > 1)
            {
                yield return new Violation(4, $"order {order.Key}",
                    $"it told its end {ends.Count} times: {string.Join(", ", ends)}",
                    OneSnapshot: true);
            }
        }
    }

    /// <summary>Who must handle a subject; null for events that only outsiders hear.</summary>
    private static Mailbox? Receiver(Facts facts, string subject) => subject.Split('.') switch
    {
        ["inventory", "commands", ..] => facts.InventoryMail,
        ["payments", "commands", ..] => facts.PaymentsMail,
        ["inventory", "low_stock"] => facts.InventoryMail,
        ["inventory" or "payments", _] => facts.OrdersMail,
        ["orders", "cancelled" or "failed"] => facts.InventoryMail,
        _ => null,
    };
}

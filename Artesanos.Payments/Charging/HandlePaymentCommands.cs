using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Contracts;
using Artesanos.Payments.Data;

namespace Artesanos.Payments.Charging;

/// <summary>
/// ProcessPayment and CancelPayment, as many as have come together. Only rows are written here;
/// Stripe is called after the commit, with no transaction open.
/// </summary>
internal sealed class PaymentCommandHandler(
    ChargeWorker worker, PaymentRules rules, TimeProvider time,
    ILogger<PaymentCommandHandler> logger) : IMessageHandler
{
    public async Task HandleAsync(MessageBatch batch, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var valid = batch.Messages.Where(message => IsValid(batch, message)).ToList();
        var (changes, first) = await LoadAsync(batch, valid, now, ct);
        foreach (var message in valid)
        {
            var isStored = first.Remove(message.Key, out var decision);
            decision ??= Decide(changes.Find(message.Key), message, now);
            changes.Add(decision, isStored);
            foreach (var answer in decision.Messages)
            {
                batch.Send(answer, message);
            }
        }
        changes.WriteTo(batch.Writes);
        batch.Committed = () =>
        {
            changes.Report(logger);
            worker.HandOver(changes.Due);
        };
    }

    /// <summary>
    /// Every order's first command is tried as if no row existed: the insert tells for which that
    /// is true, and only the other rows are read.
    /// </summary>
    private async Task<(PaymentChanges, Dictionary<Guid, PaymentDecision>)> LoadAsync(
        MessageBatch batch, List<Message> messages, DateTimeOffset now, CancellationToken ct)
    {
        var first = new Dictionary<Guid, PaymentDecision>(messages.Count);
        foreach (var message in messages.Where(message => !first.ContainsKey(message.Key)))
        {
            first.Add(message.Key, Decide(null, message, now));
        }
        if (first.Count == 0)
        {
            return (new PaymentChanges([]), first);
        }
        var inserted = await PaymentTable.InsertAsync(
            batch.Transaction, [.. first.Values.Select(decision => decision.Payment)], ct);
        if (inserted.Count == first.Count)
        {
            return (new PaymentChanges([]), first);
        }
        var known = first.Keys.Where(key => !inserted.Contains(key)).ToList();
        known.ForEach(key => first.Remove(key));
        var rows = await PaymentTable.LockAsync(batch.Transaction, known, ct);
        return (new PaymentChanges(rows), first);
    }

    private PaymentDecision Decide(Payment? row, Message message, DateTimeOffset now) =>
        message.Body switch
        {
            ProcessPayment process =>
                DecideCommand.Process(row, process, message.TraceParent, rules, now),
            CancelPayment cancel =>
                DecideCommand.Cancel(row, cancel, message.TraceParent, rules, now),
            _ => throw new InvalidOperationException($"{message.Subject} is not handled here."),
        };

    /// <summary>What would fit no column or no charge is a bug of the sender.</summary>
    private static bool IsValid(MessageBatch batch, Message message)
    {
        if (message.Body is ProcessPayment process
            && (process.AmountMinor <= 0 || process.Currency.Length != 3
                || process.CustomerId.Length is 0 or > 128
                || process.PaymentMethodId?.Length > 255))
        {
            batch.Refuse(message, "Amount, currency, customer or payment method is out of range.");
            return false;
        }
        return true;
    }
}

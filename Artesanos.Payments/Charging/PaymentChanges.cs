using Artesanos.Payments.Data;
using Npgsql;

namespace Artesanos.Payments.Charging;

/// <summary>
/// The decisions of one transaction, collected: which rows to write, what to publish, which calls
/// follow. A row that several decisions changed is written once, as the last one left it.
/// </summary>
internal sealed class PaymentChanges(Dictionary<Guid, Payment> rows)
{
    private readonly Dictionary<Guid, Payment> _changed = [];
    private readonly Dictionary<Guid, Payment> _due = [];
    private readonly List<Refund> _refunds = [];
    private readonly List<PaymentDecision> _decisions = [];

    /// <summary>Rows whose call follows once this is committed.</summary>
    public IReadOnlyCollection<Payment> Due => _due.Values;

    public bool Any => _changed.Count > 0;

    public Payment? Find(Guid orderId) => rows.GetValueOrDefault(orderId);

    /// <param name="isStored">The row is in the table already, just as decided.</param>
    public void Add(PaymentDecision decision, bool isStored = false)
    {
        var payment = decision.Payment;
        var before = rows.GetValueOrDefault(payment.OrderId);
        rows[payment.OrderId] = payment;
        if (!isStored && payment.Version != before?.Version)
        {
            _changed[payment.OrderId] = payment;
        }
        // A later decision replaces the due call, or finds that none is left.
        if (decision.CallNow)
        {
            _due[payment.OrderId] = payment;
        }
        else if (_due.ContainsKey(payment.OrderId))
        {
            _due[payment.OrderId] = payment;
        }
        _refunds.AddRange(decision.Refunds);
        _decisions.Add(decision);
    }

    public void WriteTo(NpgsqlBatch writes)
    {
        if (_changed.Count > 0)
        {
            writes.BatchCommands.Add(PaymentTable.Update(_changed.Values));
        }
        foreach (var refund in _refunds)
        {
            writes.BatchCommands.Add(PaymentTable.Upsert(refund));
        }
    }

    /// <summary>Once committed: counts outcomes and calls operators.</summary>
    public void Report(ILogger logger)
    {
        foreach (var decision in _decisions)
        {
            PaymentMetrics.Decided(decision);
            if (decision.Alert is { } alert)
            {
                PaymentAlerts.Raise(logger, alert, decision.Payment);
            }
        }
    }
}

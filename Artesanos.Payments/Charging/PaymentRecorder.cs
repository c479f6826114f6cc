using Artesanos.Messaging;
using Artesanos.Messaging.Outbox;
using Artesanos.Payments.Data;
using Npgsql;

namespace Artesanos.Payments.Charging;

/// <summary>
/// Records what Stripe answered: many answers in one transaction, each decided against its row
/// as it is now, since a command or a webhook may have changed it during the call.
/// </summary>
internal sealed class PaymentRecorder
{
    private const int MaxBatch = 128;
    private const int MaxWaiting = 10_000;

    private readonly NpgsqlDataSource _database;
    private readonly Outbox _outbox;
    private readonly PaymentRules _rules;
    private readonly TimeProvider _time;
    private readonly ILogger<PaymentRecorder> _logger;
    private readonly GroupCommit<Answer, PaymentDecision?> _commits;

    private sealed record Answer(Guid OrderId, PaymentFact Fact, string? TraceParent);

    public PaymentRecorder(
        NpgsqlDataSource database, Outbox outbox, PaymentRules rules, TimeProvider time,
        ILogger<PaymentRecorder> logger)
    {
        (_database, _outbox, _rules, _time, _logger) = (database, outbox, rules, time, logger);
        _commits = new GroupCommit<Answer, PaymentDecision?>(CommitAsync, MaxBatch, MaxWaiting);
    }

    /// <returns>The decision, once it is committed.</returns>
    /// <exception cref="NpgsqlException">Not recorded; the call is to be made again.</exception>
    /// <exception cref="OverloadedException">Not recorded: too many answers wait.</exception>
    public Task<PaymentDecision?> RecordAsync(
        Guid orderId, PaymentFact fact, string? traceParent) =>
        _commits.CommitAsync(new Answer(orderId, fact, traceParent));

    private async Task<IReadOnlyList<PaymentDecision?>> CommitAsync(
        IReadOnlyList<Answer> answers, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        await using var connection = await _database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var changes = new PaymentChanges(await PaymentTable.LockAsync(
            transaction, answers.Select(answer => answer.OrderId).Distinct(), ct));
        var decisions = new PaymentDecision?[answers.Count];
        var messages = new List<OutboxMessage>();
        for (var i = 0; i < answers.Count; i++)
        {
            var (orderId, fact, traceParent) = answers[i];
            if (changes.Find(orderId) is not { } row)
            {
                continue;
            }
            var decision = DecideFact.Decide(row, fact, _rules, now);
            changes.Add(decision);
            messages.AddRange(decision.Messages.Select(
                message => OutboxMessage.From(message, now, traceParent)));
            decisions[i] = decision;
        }
        await using var writes = new NpgsqlBatch(connection, transaction);
        changes.WriteTo(writes);
        await _outbox.CommitAsync(writes, messages, ct);
        changes.Report(_logger);
        return decisions;
    }
}

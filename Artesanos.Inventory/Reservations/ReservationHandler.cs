using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Contracts;
using Microsoft.Extensions.Options;

namespace Artesanos.Inventory.Reservations;

/// <summary>
/// Reserves, commits and releases: lock what a batch of commands is about, decide in message
/// order, write what it comes to.
/// </summary>
internal sealed class ReservationHandler(IOptions<ReservationOptions> options, TimeProvider time)
    : IMessageHandler
{
    public async Task HandleAsync(MessageBatch batch, CancellationToken ct)
    {
        var orders = batch.Messages.Select(message => message.Key).Distinct().ToArray();
        var wanted = batch.Messages
            .Select(message => message.Body).OfType<ReserveInventory>()
            .SelectMany(reserve => reserve.Lines)
            .Where(line => line is not null)
            .Select(line => line.ProductId).Distinct().ToArray();
        var set = await ReservationSql.LockAsync(batch.Transaction, orders, wanted, ct);

        var now = time.GetUtcNow();
        var until = ToMilliseconds(now + options.Value.HoldTime);
        foreach (var message in batch.Messages)
        {
            var current = set.Find(message.Key);
            var decision = message.Body switch
            {
                ReserveInventory reserve => ReservationRules.Reserve(
                    current, reserve, set.Stock, until),
                CommitInventory => ReservationRules.Commit(current, set.Stock),
                ReleaseInventory release => ReservationRules.Release(current, release),
                _ => Decision.Refuse("Inventory has no such command."),
            };
            if (decision.Refusal is { } reason)
            {
                batch.Refuse(message, reason);
                continue;
            }
            foreach (var alert in set.Apply(decision))
            {
                batch.Send(alert, message);
            }
            if (decision.Answer is { } answer)
            {
                batch.Send(answer, message);
            }
        }
        set.AddWrites(batch.Writes, now);
        batch.Committed = set.Report;
    }

    /// <summary>A repeated answer tells the same time, which the database rounds.</summary>
    private static DateTimeOffset ToMilliseconds(DateTimeOffset moment) =>
        moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMillisecond));
}

using System.Text.Json;
using Artesanos.Messaging;
using Artesanos.Messaging.Contracts;
using Artesanos.Messaging.Outbox;
using Artesanos.Orders.Saga;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Orders.Ordering;

/// <summary>An order that passed validation and is about to be stored.</summary>
internal sealed record NewOrder(
    Guid Id, string CustomerId, PlaceOrderRequest Request, string? IdempotencyKey,
    byte[] RequestHash, string? TraceParent, DateTimeOffset PlacedAt);

internal abstract record PlacementResult
{
    /// <summary>Stored now, or before under the same key.</summary>
    internal sealed record Placed(PlacedOrder Order) : PlacementResult;

    /// <summary>The key stands for another body.</summary>
    internal sealed record KeyReused : PlacementResult;
}

/// <summary>
/// Stores orders, as many in one transaction as came together: key, order, history and the two
/// first messages. Concurrent twins of a key meet at its row: the second waits for the first.
/// </summary>
internal sealed class OrderPlacement
{
    private const int MaxBatch = 128;
    private const int MaxWaiting = 1000;

    private readonly NpgsqlDataSource _database;
    private readonly Outbox _outbox;
    private readonly Admission _admission;
    private readonly SagaOptions _saga;
    private readonly GroupCommit<NewOrder, PlacementResult> _commit;

    public OrderPlacement(
        NpgsqlDataSource database, Outbox outbox, Admission admission, IOptions<SagaOptions> saga)
    {
        (_database, _outbox, _admission, _saga) = (database, outbox, admission, saga.Value);
        _commit = new GroupCommit<NewOrder, PlacementResult>(StoreAsync, MaxBatch, MaxWaiting);
    }

    /// <exception cref="OverloadedException">It would wait too long to be stored.</exception>
    public Task<PlacementResult> PlaceAsync(NewOrder order) =>
        _admission.IsTooMany(_commit.Waiting)
            ? throw new OverloadedException() : _commit.CommitAsync(order);

    private async Task<IReadOnlyList<PlacementResult>> StoreAsync(
        IReadOnlyList<NewOrder> orders, CancellationToken ct)
    {
        await _admission.WaitForRoomAsync(orders.Count, ct);
        await using var connection = await _database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var keys = await IdempotencyKeys.ClaimAsync(transaction, orders, ct);
        var fresh = orders.Where(order => keys.IsFirst(order)).ToList();

        await using var writes = new NpgsqlBatch(connection, transaction);
        var messages = new List<OutboxMessage>(2 * fresh.Count);
        if (fresh.Count > 0)
        {
            writes.BatchCommands.Add(Insert(fresh));
            writes.BatchCommands.Add(FirstHistory(fresh));
            writes.BatchCommands.Add(StatusCounts.Change([(OrderStatus.Started, fresh.Count)])!);
            // All commands first: an order's messages leave one after the other, and nobody waits
            // for the events.
            messages.AddRange(fresh.Select(order => OutboxMessage.From(
                new ReserveInventory(order.Id, LinesOf(order)), order.PlacedAt,
                order.TraceParent)));
            messages.AddRange(fresh.Select(order => OutboxMessage.From(
                new OrderCreated(order.Id, order.CustomerId, LinesOf(order), order.PlacedAt),
                order.PlacedAt, order.TraceParent)));
        }
        await _outbox.CommitAsync(writes, messages, ct);
        SagaMetrics.Placed(fresh.Count);
        return [.. orders.Select(keys.ResultOf)];
    }

    private NpgsqlBatchCommand Insert(List<NewOrder> orders) => new(
        """
        INSERT INTO orders
            (id, customer_id, status, lines, expected_total_minor, payment_method_id,
             shipping_address, trace_parent, placed_at, updated_at, deadline, resends,
             refund_owed, version, table_version, state_since)
        SELECT u.id, u.customer, $9, u.lines::jsonb, u.expected, u.method, u.address::jsonb,
               u.trace, u.placed_at, u.placed_at, u.placed_at + $10, 0, false, 1, $11, u.placed_at
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[],
                    $7::text[], $8::timestamptz[])
            AS u(id, customer, lines, expected, method, address, trace, placed_at)
        """)
    {
        Parameters =
        {
            new() { Value = orders.Select(order => order.Id).ToArray() },
            new() { Value = orders.Select(order => order.CustomerId).ToArray() },
            new() { Value = orders.Select(LinesJson).ToArray() },
            new() { Value = orders.Select(order => order.Request.ExpectedTotalMinor).ToArray() },
            Texts(orders.Select(order => order.Request.PaymentMethodId)),
            Texts(orders.Select(AddressJson)),
            Texts(orders.Select(order => order.TraceParent)),
            new() { Value = orders.Select(order => order.PlacedAt).ToArray() },
            new() { Value = OrderStatus.Started },
            new() { Value = _saga.ReserveTimeout },
            new() { Value = SagaTable.TableVersion },
        },
    };

    private static NpgsqlBatchCommand FirstHistory(List<NewOrder> orders) => new(
        """
        INSERT INTO order_history (order_id, version, status, effect, cause, at)
        SELECT u.id, 1, $3, $4, 'OrderPlaced', u.placed_at
        FROM unnest($1::uuid[], $2::timestamptz[]) AS u(id, placed_at)
        """)
    {
        Parameters =
        {
            new() { Value = orders.Select(order => order.Id).ToArray() },
            new() { Value = orders.Select(order => order.PlacedAt).ToArray() },
            new() { Value = OrderStatus.Started },
            new() { Value = HistoryEntry.Moved },
        },
    };

    private static OrderLine[] LinesOf(NewOrder order) =>
        [.. order.Request.Lines.Select(line => new OrderLine(line.ProductId, line.Quantity))];

    private static string LinesJson(NewOrder order) => JsonSerializer.Serialize(
        [.. order.Request.Lines.Select(line => new OrderedLine(line.ProductId, line.Quantity))],
        OrdersJson.Default.IReadOnlyListOrderedLine);

    private static string? AddressJson(NewOrder order) =>
        order.Request.ShippingAddress is { } address
            ? JsonSerializer.Serialize(address, OrdersJson.Default.ShippingAddress)
            : null;

    private static NpgsqlParameter Texts(IEnumerable<string?> values) => new()
    {
        Value = values.ToArray(),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };
}

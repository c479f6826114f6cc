using Npgsql;

namespace Artesanos.Dashboard.Orders;

/// <summary>An order's messages: sent by one service, handled by others, or put aside.</summary>
internal static class OrderMessages
{
    // Ids carry their time, so the primary key leads to the order's own stretch of the outbox,
    // which has no index by order. A message is never older than its order, but clocks differ.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(5);
    private const int _maxMessages = 200;

    public static async Task<IReadOnlyList<MessageRow>> ReadAsync(
        OrderDatabases databases, OrderRow order, Dictionary<string, string> unread,
        CancellationToken ct)
    {
        var since = Guid.CreateVersion7(order.PlacedAt - _margin);
        var sent = new List<MessageRow>();
        foreach (var service in OrderDatabases.All)
        {
            sent.AddRange(await ReadOrder.TryAsync(unread, service, name => databases.ListAsync(
                name,
                """
                SELECT id, subject, convert_from(payload, 'UTF8') AS payload, created_at,
                       published_at
                FROM outbox WHERE id >= $1 AND key = $2 ORDER BY id LIMIT $3
                """,
                row => new MessageRow(
                    row.Get<Guid>("id"), service, row.Get<string>("subject"),
                    row.Get<string>("payload"), row.Get<DateTimeOffset>("created_at"),
                    row.Time("published_at")),
                ct, since, order.Id, _maxMessages)));
        }

        var ids = sent.Select(message => message.Id).ToArray();
        var handled = new List<(Guid Id, Handled Handled)>();
        var dead = new List<DeadLetterRow>();
        foreach (var service in OrderDatabases.All)
        {
            handled.AddRange(await ReadOrder.TryAsync(unread, service, name => databases.ListAsync(
                name, "SELECT id, handled_at FROM inbox WHERE id = ANY($1)",
                row => (row.Get<Guid>("id"),
                    new Handled(service, row.Get<DateTimeOffset>("handled_at"))),
                ct, ids)));
            dead.AddRange(await ReadOrder.TryAsync(unread, service, name => databases.ListAsync(
                name,
                """
                SELECT id, subject, convert_from(payload, 'UTF8') AS payload, error, attempts,
                       failed_at, status
                FROM dead_letters WHERE id = ANY($1) OR headers ->> 'ce-subject' = $2
                """,
                row => DeadLetter(service, row), ct, ids, order.Id.ToString())));
        }
        return Join(sent, handled.ToLookup(h => h.Id, h => h.Handled), dead);
    }

    // A dead letter that no outbox sent is a message too.
    private static List<MessageRow> Join(
        List<MessageRow> sent, ILookup<Guid, Handled> handled, List<DeadLetterRow> dead) =>
    [
        .. sent.Select(message => message with
        {
            Handled = [.. handled[message.Id].OrderBy(h => h.At)],
            DeadLetter = dead.Find(letter => letter.Id == message.Id),
        }).Concat(dead.Where(letter => !sent.Exists(message => message.Id == letter.Id))
            .Select(letter => new MessageRow(
                letter.Id, "unknown", letter.Subject, letter.Payload, letter.FailedAt, null)
            {
                DeadLetter = letter,
            })).OrderBy(message => message.CreatedAt).ThenBy(message => message.Id),
    ];

    private static DeadLetterRow DeadLetter(string service, NpgsqlDataReader row) => new(
        row.Get<Guid>("id"), service, row.Get<string>("subject"), row.Get<string>("payload"),
        row.Get<string>("error"), row.Get<int>("attempts"), row.Get<DateTimeOffset>("failed_at"),
        row.Get<string>("status"));
}

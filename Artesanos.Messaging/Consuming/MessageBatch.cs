using Artesanos.Messaging.Outbox;
using Npgsql;

namespace Artesanos.Messaging.Consuming;

/// <summary>One received message, decoded.</summary>
/// <param name="Id">The outbox id it was published under.</param>
/// <param name="Key">The order it belongs to.</param>
/// <param name="Body">The contract, e.g. <c>InventoryReserved</c>.</param>
/// <param name="TraceParent">Trace context that whatever it causes continues.</param>
public sealed record Message(Guid Id, Guid Key, string Subject, object Body, string? TraceParent);

/// <summary>
/// Messages handled together in one transaction. A duplicate changes nothing: the inbox rows of
/// these messages are part of the transaction, and their key refuses a second one.
/// </summary>
public sealed class MessageBatch
{
    private readonly List<OutboxMessage> _sent = [];
    private readonly List<(Message Message, string Reason)> _refused = [];
    private readonly DateTimeOffset _now;

    internal MessageBatch(
        NpgsqlTransaction transaction, IReadOnlyList<Message> messages, DateTimeOffset now)
    {
        (Transaction, Messages, _now) = (transaction, messages, now);
        Writes = new NpgsqlBatch(transaction.Connection!, transaction);
    }

    public IReadOnlyList<Message> Messages { get; }
    public NpgsqlTransaction Transaction { get; }
    public NpgsqlConnection Connection => Transaction.Connection!;

    /// <summary>Statements that are executed in one round trip right before the commit.</summary>
    public NpgsqlBatch Writes { get; }

    /// <summary>Runs after the commit, for work that is handed over in memory.</summary>
    public Action? Committed { get; set; }

    /// <summary>Publishes <paramref name="message"/> once the batch is committed.</summary>
    public void Send(object message, Message cause) =>
        _sent.Add(OutboxMessage.From(message, _now, cause.TraceParent));

    /// <summary>
    /// Puts a message that must never have come aside for an operator, as part of the
    /// transaction; the others of the batch are not held up.
    /// </summary>
    public void Refuse(Message message, string reason) => _refused.Add((message, reason));

    internal IReadOnlyList<OutboxMessage> Sent => _sent;
    internal IReadOnlyList<(Message Message, string Reason)> Refused => _refused;
}

/// <summary>Handles the messages of one consumer.</summary>
public interface IMessageHandler
{
    /// <summary>
    /// Reads through <see cref="MessageBatch.Transaction"/>, decides, and adds its statements to
    /// <see cref="MessageBatch.Writes"/>. It may run again for the same messages after a rollback,
    /// so it has no effect outside the transaction but <see cref="MessageBatch.Committed"/>.
    /// </summary>
    Task HandleAsync(MessageBatch batch, CancellationToken ct);
}

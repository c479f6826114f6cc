using System.Text;
using System.Text.Json;
using Artesanos.Messaging.Consuming;
using Npgsql;

namespace Artesanos.Messaging.DeadLetters;

/// <summary>A dead letter in a list.</summary>
/// <param name="Id">The dead letter.</param>
/// <param name="Subject">Where the message came from, such as payments.succeeded.</param>
/// <param name="Error">Why it could not be handled.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="FailedAt">When it was given up.</param>
/// <param name="Status">OPEN, REPLAYED or DISCARDED.</param>
/// <param name="ResolvedBy">Subject of the operator; null while it is open.</param>
/// <param name="ResolvedAt">When it was replayed or discarded.</param>
public sealed record DeadLetterSummary(
    Guid Id, string Subject, string Error, int Attempts, DateTimeOffset FailedAt, string Status,
    string? ResolvedBy, DateTimeOffset? ResolvedAt);

/// <summary>A dead letter with what arrived.</summary>
/// <param name="Summary">As in the list.</param>
/// <param name="Headers">The headers of the message.</param>
/// <param name="Payload">Its body as text.</param>
public sealed record DeadLetterDetails(
    DeadLetterSummary Summary, Dictionary<string, string> Headers, string Payload);

public enum ReplayOutcome
{
    /// <summary>Handled now, or found to be handled before; either way its effect exists once.</summary>
    Handled,
    NotOpen,
    RefusedAgain,
}

/// <summary>What an operator does with the dead letters of a service.</summary>
internal sealed class DeadLetterDesk(
    NpgsqlDataSource database, IReadOnlyList<Subscription> subscriptions,
    IServiceProvider services, TimeProvider time)
{
    private const string Columns =
        "id, subject, error, attempts, failed_at, status, resolved_by, resolved_at";

    /// <param name="before">Only letters that failed before this time; null for the newest.</param>
    public async Task<List<DeadLetterSummary>> ListAsync(
        string status, DateTimeOffset? before, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns} FROM dead_letters
            WHERE status = $1 AND failed_at < $2 ORDER BY failed_at DESC LIMIT $3
            """);
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = before ?? time.GetUtcNow().AddDays(1) });
        command.Parameters.Add(new() { Value = limit });
        var letters = new List<DeadLetterSummary>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            letters.Add(Summary(reader));
        }
        return letters;
    }

    public async Task<DeadLetterDetails?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns}, headers, payload FROM dead_letters WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new DeadLetterDetails(
                Summary(reader),
                JsonSerializer.Deserialize(reader.GetString(8), DeadLetterJson.Default.Headers)!,
                Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(9)))
            : null;
    }

    /// <summary>
    /// Handles the message again in one transaction with the note of who did it. The inbox makes
    /// a second replay, or a late delivery, do nothing.
    /// </summary>
    public async Task<(ReplayOutcome Outcome, string? Reason)> ReplayAsync(
        DeadLetterDetails letter, string by, CancellationToken ct)
    {
        if (letter.Summary.Status != DeadLetterStatus.Open)
        {
            return (ReplayOutcome.NotOpen, $"It is {letter.Summary.Status}.");
        }
        letter.Headers.TryGetValue(MessageHeaders.TraceParent, out var traceParent);
        var message = MessageDecoder.Decode(
            letter.Summary.Id.ToString(), letter.Summary.Subject,
            Encoding.UTF8.GetBytes(letter.Payload), traceParent, out var invalid);
        var subscription = subscriptions.FirstOrDefault(s => s.Matches(letter.Summary.Subject));
        if (message is null || subscription is null)
        {
            return (ReplayOutcome.RefusedAgain, invalid ?? "This service no longer handles it.");
        }
        var resolution = Resolve(letter.Summary.Id, DeadLetterStatus.Replayed, by);
        var refused = await BatchProcessor.For(subscription, services)
            .HandleAsync([message], resolution, mayBeKnown: true, ct);
        return refused.Count == 0
            ? (ReplayOutcome.Handled, null)
            : (ReplayOutcome.RefusedAgain, refused[0].Reason);
    }

    /// <returns>False when it is not open any more.</returns>
    public async Task<bool> DiscardAsync(Guid id, string by, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Resolve(id, DeadLetterStatus.Discarded, by) },
        };
        return await batch.ExecuteNonQueryAsync(ct) == 1;
    }

    private NpgsqlBatchCommand Resolve(Guid id, string status, string by) => new(
        """
        UPDATE dead_letters SET status = $2, resolved_by = $3, resolved_at = $4
        WHERE id = $1 AND status = 'OPEN'
        """)
    {
        Parameters =
        {
            new() { Value = id },
            new() { Value = status },
            new() { Value = by },
            new() { Value = time.GetUtcNow() },
        },
    };

    private static DeadLetterSummary Summary(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3),
        row.GetFieldValue<DateTimeOffset>(4), row.GetString(5),
        row.IsDBNull(6) ? null : row.GetString(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7));
}

internal static class DeadLetterStatus
{
    public const string Open = "OPEN";
    public const string Replayed = "REPLAYED";
    public const string Discarded = "DISCARDED";

    public static bool IsKnown(string status) => status is Open or Replayed or Discarded;
}

using System.Text;
using Aspire.Hosting.Testing;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Npgsql;

namespace Artesanos.Tests.Money;

/// <summary>Everything that a system wrote: one text for each place, so that it can be searched.
/// </summary>
internal static class WrittenBytes
{
    private static readonly string[] Services = ["orders", "payments", "inventory"];

    public static async Task<List<(string Place, string Text)>> ReadAsync(
        Topology topology, CancellationToken ct) =>
    [
        .. ReadLogs(topology.LogsFolder),
        .. await ReadStreamsAsync(topology, ct),
        .. await ReadDatabasesAsync(topology, ct),
    ];

    private static IEnumerable<(string, string)> ReadLogs(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file =>
            {
                // The service still writes to it.
                using var stream = new FileStream(
                    file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(stream, Encoding.Latin1);
                return ($"log {Path.GetFileName(file)}", reader.ReadToEnd());
            });

    private static async Task<List<(string, string)>> ReadStreamsAsync(
        Topology topology, CancellationToken ct)
    {
        await using var connection = await topology.ConnectToNatsAsync(ct);
        var written = new List<(string, string)>();
        await foreach (var stream in new NatsJSContext(connection).ListStreamsAsync(
            cancellationToken: ct))
        {
            var (state, text) = (stream.Info.State, new StringBuilder());
            // Sequences begin with 1; an empty stream says that its first one is 0.
            var first = Math.Max(1UL, state.FirstSeq);
            for (var sequence = first; sequence <= state.LastSeq; sequence++)
            {
                if (await MessageAsync(stream, sequence, ct) is { } message)
                {
                    text.Append(message.Subject).Append(' ')
                        .Append(Headers(message.Hdrs)).Append(' ')
                        .AppendLine(Encoding.Latin1.GetString(message.Data.Span));
                }
            }
            written.Add(($"stream {stream.Info.Config.Name}", text.ToString()));
        }
        return written;
    }

    private static async Task<StoredMessage?> MessageAsync(
        INatsJSStream stream, ulong sequence, CancellationToken ct)
    {
        try
        {
            return (await stream.GetAsync(
                new StreamMsgGetRequest { Seq = sequence }, ct)).Message;
        }
        catch (NatsJSApiException gone) when (gone.Error.Code == 404)
        {
            return null;
        }
    }

    private static string Headers(string? stored) =>
        Encoding.Latin1.GetString(Convert.FromBase64String(stored ?? ""));

    private static async Task<List<(string, string)>> ReadDatabasesAsync(
        Topology topology, CancellationToken ct)
    {
        var written = new List<(string, string)>();
        foreach (var service in Services)
        {
            await using var database = NpgsqlDataSource.Create(
                (await topology.App.GetConnectionStringAsync($"{service}-db", ct))!);
            foreach (var (table, column, type) in await ColumnsAsync(database, ct))
            {
                // Bytes are escaped only where they are not printable.
                var value = type == "bytea"
                    ? $"encode(\"{column}\", 'escape')" : $"\"{column}\"::text";
                await using var command = database.CreateCommand(
                    $"SELECT coalesce(string_agg({value}, E'\\n'), '') FROM \"{table}\"");
                var text = (string)(await command.ExecuteScalarAsync(ct))!;
                written.Add(($"{service}.{table}.{column}", text));
            }
        }
        return written;
    }

    private static async Task<List<(string, string, string)>> ColumnsAsync(
        NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT c.table_name, c.column_name, c.data_type
            FROM information_schema.columns AS c JOIN information_schema.tables AS t
                USING (table_schema, table_name)
            WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
            """);
        var columns = new List<(string, string, string)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }
        return columns;
    }
}

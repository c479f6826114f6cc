using System.Data;
using Npgsql;

namespace Artesanos.Audit;

/// <summary>One database at one moment: all its queries see the same rows.</summary>
internal sealed class Snapshot : IAsyncDisposable
{
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromMinutes(5);

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private Snapshot(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset takenAt)
    {
        (_connection, _transaction, TakenAt) = (connection, transaction, takenAt);
    }

    /// <summary>By the database's clock.</summary>
    public DateTimeOffset TakenAt { get; }

    public static async Task<Snapshot> TakeAsync(string connectionString, CancellationToken ct)
    {
        // Unpooled: an audit is rare, and a pool would outlive it.
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "Artesanos.Audit",
            Pooling = false,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            var transaction = await connection.BeginTransactionAsync(
                IsolationLevel.RepeatableRead, ct);
            // Its first query is what fixes the snapshot.
            await using var command = new NpgsqlCommand(
                "SET TRANSACTION READ ONLY; SELECT now()", connection, transaction);
            var now = (DateTime)(await command.ExecuteScalarAsync(ct))!;
            return new Snapshot(connection, transaction, new DateTimeOffset(now));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<List<T>> ListAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction)
        {
            CommandTimeout = (int)QueryTimeout.TotalSeconds,
        };
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

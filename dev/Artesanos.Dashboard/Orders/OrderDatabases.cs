using Npgsql;

namespace Artesanos.Dashboard.Orders;

/// <summary>
/// The databases of the three services, read only. Read here and not through the services' own
/// APIs because the question is asked when a service is down or wrong, and because no API shows
/// outbox, inbox and payload of all three.
/// </summary>
internal sealed class OrderDatabases : IAsyncDisposable
{
    public const string Orders = "orders";
    public const string Payments = "payments";
    public const string Inventory = "inventory";

    public static readonly IReadOnlyList<string> All = [Orders, Payments, Inventory];

    // A page must not wait, nor a question cost the services anything.
    private const int _timeoutSeconds = 5;
    private const int _maxConnections = 3;

    private readonly Dictionary<string, NpgsqlDataSource> _sources = [];

    public OrderDatabases(IConfiguration configuration)
    {
        foreach (var name in All)
        {
            if (configuration.GetConnectionString($"{name}-db") is { Length: > 0 } address)
            {
                _sources[name] = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(address)
                {
                    ApplicationName = "Artesanos.Dashboard",
                    Options = "-c default_transaction_read_only=on",
                    MaxPoolSize = _maxConnections,
                    Timeout = _timeoutSeconds,
                    CommandTimeout = _timeoutSeconds,
                });
            }
        }
    }

    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<List<T>> ListAsync<T>(
        string database, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct,
        params IReadOnlyList<object> parameters)
    {
        if (!_sources.TryGetValue(database, out var source))
        {
            throw new NpgsqlException($"AppHost.cs knows no resource '{database}-db'.");
        }
        await using var command = source.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }
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
        foreach (var source in _sources.Values)
        {
            await source.DisposeAsync();
        }
    }
}

internal static class RowReading
{
    public static string? Text(this NpgsqlDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.GetString(row.GetOrdinal(column));

    public static DateTimeOffset? Time(this NpgsqlDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null
            : row.GetFieldValue<DateTimeOffset>(row.GetOrdinal(column));

    public static long? Number(this NpgsqlDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.GetInt64(row.GetOrdinal(column));

    public static T Get<T>(this NpgsqlDataReader row, string column) =>
        row.GetFieldValue<T>(row.GetOrdinal(column));
}

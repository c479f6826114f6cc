using Npgsql;

namespace Artesanos.Tests.Audit;

/// <summary>A database with only what the audit reads, so that it may be wrong.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private const string Schema =
        """
        CREATE TABLE orders (id uuid, status text, compensation_step text, total_minor bigint,
            currency text, refund_owed bool, stuck_since timestamptz, version int,
            deadline timestamptz);
        CREATE TABLE order_history (order_id uuid, version int, status text,
            compensation_step text, effect text);
        CREATE TABLE payments (order_id uuid, status text, amount_minor bigint, currency text);
        CREATE TABLE reservations (order_id uuid, state text, lines jsonb);
        CREATE TABLE products (id uuid PRIMARY KEY, on_hand int, held int);
        CREATE TABLE stock_movements (product_id uuid, delta int);
        CREATE TABLE outbox (id uuid, key uuid, subject text, created_at timestamptz,
            published_at timestamptz);
        CREATE TABLE inbox (id uuid);
        CREATE TABLE dead_letters (id uuid);
        """;

    private readonly string _server;
    private readonly string _name;

    private ScratchDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server)
        {
            Database = name,
            Pooling = false,
        }.ConnectionString;
    }

    public string ConnectionString { get; }

    /// <param name="neighbour">Connection string of a database on the same server.</param>
    public static async Task<ScratchDatabase> CreateAsync(string neighbour, CancellationToken ct)
    {
        var server = new NpgsqlConnectionStringBuilder(neighbour) { Pooling = false };
        var scratch = new ScratchDatabase(
            server.ConnectionString, $"scratch_{Guid.CreateVersion7():N}");
        await ExecuteAsync(scratch._server, $"CREATE DATABASE {scratch._name}", ct);
        await scratch.ExecuteAsync(Schema, ct);
        return scratch;
    }

    public Task ExecuteAsync(string sql, CancellationToken ct) =>
        ExecuteAsync(ConnectionString, sql, ct);

    public async ValueTask DisposeAsync() => await ExecuteAsync(
        _server, $"DROP DATABASE {_name} WITH (FORCE)", CancellationToken.None);

    private static async Task ExecuteAsync(
        string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}

using Npgsql;

namespace Artesanos.Tests.Deployment;

/// <summary>
/// An empty database as a deployment has it: one role owns it and may change its schema, another
/// may connect to it.
/// </summary>
internal sealed class OwnedDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name = $"owned_{Guid.CreateVersion7():N}";

    private OwnedDatabase(string server) => _server = server;

    public string ServiceRole => $"{_name}_service";

    private string MigrationRole => $"{_name}_migration";

    /// <summary>Connection string of the role that may change the schema.</summary>
    public string AsMigration => As(MigrationRole);

    /// <summary>Connection string of the role that the service runs under.</summary>
    public string AsService => As(ServiceRole);

    /// <param name="neighbour">Connection string of a database on the same server.</param>
    public static async Task<OwnedDatabase> CreateAsync(string neighbour, CancellationToken ct)
    {
        var database = new OwnedDatabase(neighbour);
        await database.OnServerAsync(
            $"CREATE ROLE {database.MigrationRole} LOGIN PASSWORD 'solo-pruebas'", ct);
        await database.OnServerAsync(
            $"CREATE ROLE {database.ServiceRole} LOGIN PASSWORD 'solo-pruebas'", ct);
        await database.OnServerAsync(
            $"CREATE DATABASE {database._name} OWNER {database.MigrationRole}", ct);
        return database;
    }

    public static async Task ExecuteAsync(
        string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await OnServerAsync($"DROP DATABASE {_name} WITH (FORCE)", CancellationToken.None);
        await OnServerAsync(
            $"DROP ROLE {MigrationRole}, {ServiceRole}", CancellationToken.None);
    }

    private Task OnServerAsync(string sql, CancellationToken ct) =>
        ExecuteAsync(_server, sql, ct);

    private string As(string role) => new NpgsqlConnectionStringBuilder(_server)
    {
        Database = _name,
        Username = role,
        Password = "solo-pruebas",
        Pooling = false,
    }.ConnectionString;
}

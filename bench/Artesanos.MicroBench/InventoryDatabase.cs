using Artesanos.Messaging.Data;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Artesanos.MicroBench;

/// <summary>The database of Inventory in a topology of its own.</summary>
internal sealed class InventoryDatabase : IAsyncDisposable
{
    private readonly DistributedApplication _app;

    private InventoryDatabase(DistributedApplication app, NpgsqlDataSource source) =>
        (_app, Source) = (app, source);

    public NpgsqlDataSource Source { get; }

    public static async Task<InventoryDatabase> StartAsync()
    {
        var builder = await DistributedApplicationTestingBuilder
            .CreateAsync<Projects.Artesanos_AppHost>(["--Data=ephemeral"]);
        var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("inventory");
        return new InventoryDatabase(app, NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await app.GetConnectionStringAsync("inventory-db"))
            {
                // As the services connect.
                MaxAutoPrepare = 64,
                Options = Database.PlanOptions,
            }));
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _app.DisposeAsync();
    }
}

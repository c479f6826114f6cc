using Artesanos.Inventory.Data;
using Npgsql;

namespace Artesanos.Inventory.Catalog;

internal static class DemoCatalogueSetup
{
    /// <summary>In Development a shop with something to sell; elsewhere nothing.</summary>
    public static void AddDemoCatalogue(this IHostApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddHostedService<SeedDemoCatalogue>();
        }
    }
}

/// <summary>
/// Fills the catalogue once, after the migrations. One statement under fixed ids: two replicas
/// that start together add each product once, and a later start leaves sold stock alone.
/// </summary>
internal sealed class SeedDemoCatalogue(NpgsqlDataSource database, TimeProvider time)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var products = DemoCatalogue.Products;
        await using var command = database.CreateCommand(
            """
            WITH added AS (
                INSERT INTO products (id, name, artisan, artisan_sub, town, description,
                    price_minor, currency, on_hand, held, low_stock_threshold, low_since,
                    created_at)
                SELECT id, name, artisan, artisan_sub, town, description, price_minor, 'EUR',
                    stock, 0, 5, CASE WHEN stock < 5 THEN $9::timestamptz END, $9
                FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
                        $6::text[], $7::bigint[], $8::int[])
                    AS p (id, name, artisan, artisan_sub, town, description, price_minor, stock)
                ORDER BY id
                ON CONFLICT (id) DO NOTHING
                RETURNING id, on_hand, artisan_sub)
            INSERT INTO stock_movements (product_id, delta, kind, at, by)
            SELECT id, on_hand, $10, $9, artisan_sub FROM added
            """);
        AddArray(product => product.Id);
        AddArray(product => product.Name);
        AddArray(product => product.Artisan);
        AddArray(product => product.ArtisanSub);
        AddArray(product => product.Town);
        AddArray(product => product.Spanish + " — " + product.English);
        AddArray(product => product.PriceMinor);
        AddArray(product => product.Stock);
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(new() { Value = StockMovement.Initial });
        await command.ExecuteNonQueryAsync(cancellationToken);

        void AddArray<T>(Func<DemoProduct, T> value) =>
            command.Parameters.Add(new() { Value = products.Select(value).ToArray() });
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

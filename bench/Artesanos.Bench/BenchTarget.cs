using System.Net.Http.Json;
using System.Text.Json;
using Artesanos.Audit;
using Npgsql;

namespace Artesanos.Bench;

/// <summary>The system under load, with products to order.</summary>
internal sealed class BenchTarget : IAsyncDisposable
{
    private const int SpreadProducts = 100;
    private const int PlentyOfStock = 1_000_000;

    private readonly RunningSystem _system;
    private readonly string _token;
    // What is asked over and over is prepared, as a service would, and resets nothing.
    private readonly string _watched;

    private BenchTarget(RunningSystem system, string token, IReadOnlyList<Guid> products)
    {
        (_system, _token, Products) = (system, token, products);
        Sources = new AuditSources(
            system.ConnectionString("orders-db"), system.ConnectionString("payments-db"),
            system.ConnectionString("inventory-db"), system.Endpoint("stripe"));
        _watched = new NpgsqlConnectionStringBuilder(Sources.Orders)
        {
            MaxAutoPrepare = 1,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        }.ConnectionString;
    }

    public IReadOnlyList<Guid> Products { get; }
    public AuditSources Sources { get; }

    /// <summary>Of Orders, Payments and Inventory.</summary>
    public IReadOnlyList<string> Databases => [Sources.Orders, Sources.Payments, Sources.Inventory];

    /// <summary>The address of NATS, with its password.</summary>
    public string Nats => _system.ConnectionString("nats");

    /// <summary>Adds the products that the orders will be about.</summary>
    public static async Task<BenchTarget> PrepareAsync(
        RunningSystem system, BenchArguments arguments, CancellationToken ct)
    {
        var products = await AddProductsAsync(
            system, arguments.HotProduct ? 1 : SpreadProducts, ct);
        return new BenchTarget(
            system, await TokenAsync(system, "bench", "shopper", ct), products);
    }

    /// <summary>A client with its own connection, as a shopper's device has.</summary>
    public HttpClient NewClient(string resource)
    {
        var client = new HttpClient { BaseAddress = _system.Endpoint(resource) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", _token);
        return client;
    }

    /// <summary>From now on this share of Stripe's answers is lost after it did what was asked, and
    /// of its webhooks never sent.</summary>
    public async Task FailAsync(double share, CancellationToken ct)
    {
        if (share == 0)
        {
            return;
        }
        using var stripe = new HttpClient { BaseAddress = _system.Endpoint("stripe") };
        foreach (var (kind, what) in new[] { ("lost_response", "*"), ("webhook_drop", "*") })
        {
            using var answer = await stripe.PostAsJsonAsync(
                "/control/faults", new { kind, target = what, rate = share }, ct);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>An order that has not ended has a deadline. To look costs some of the processor
    /// that is measured.</summary>
    public async Task WaitForEndAsync(Guid order, CancellationToken ct)
    {
        const string hasEnded = "SELECT (deadline IS NULL)::int FROM orders WHERE id = $1";
        while ((await QueryAsync(_watched, hasEnded, ct, order))[0] == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), ct);
        }
    }

    /// <summary>One row of numbers from a service's database.</summary>
    public static async Task<double[]> QueryAsync(
        string connectionString, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(column =>
            reader.IsDBNull(column) ? 0 : Convert.ToDouble(reader.GetValue(column),
                System.Globalization.CultureInfo.InvariantCulture))];
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    private static async Task<string> TokenAsync(
        RunningSystem system, string subject, string role, CancellationToken ct)
    {
        using var gateway = new HttpClient { BaseAddress = system.Endpoint("gateway") };
        using var answer = await gateway.PostAsJsonAsync(
            "/dev/token", new { sub = subject, role }, ct);
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return token.GetProperty("access_token").GetString()!;
    }

    private static async Task<List<Guid>> AddProductsAsync(
        RunningSystem system, int count, CancellationToken ct)
    {
        using var artisan = new HttpClient { BaseAddress = system.Endpoint("gateway") };
        artisan.DefaultRequestHeaders.Authorization =
            new("Bearer", await TokenAsync(system, "bench-artisan", "artisan", ct));
        var products = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            using var answer = await artisan.PostAsJsonAsync("/products", new
            {
                name = $"Pieza {i}",
                town = "Úbeda",
                description = "Solo para medir.",
                priceMinor = 1000 + i,
                currency = "EUR",
                stock = PlentyOfStock,
            }, ct);
            answer.EnsureSuccessStatusCode();
            var product = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
            products.Add(product.GetProperty("id").GetGuid());
        }
        return products;
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Artesanos.Audit;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Artesanos.Bench;

/// <summary>The topology under load, on free loopback ports and data of its own.</summary>
internal sealed class BenchTarget : IAsyncDisposable
{
    private const int SpreadProducts = 100;
    private const int PlentyOfStock = 1_000_000;

    private readonly DistributedApplication _app;
    private readonly string _token;

    private BenchTarget(DistributedApplication app, string token, IReadOnlyList<Guid> products,
        AuditSources sources, string nats)
    {
        (_app, _token, Products, Sources, Nats) = (app, token, products, sources, nats);
    }

    public IReadOnlyList<Guid> Products { get; }
    public AuditSources Sources { get; }

    /// <summary>Of Orders, Payments and Inventory.</summary>
    public IReadOnlyList<string> Databases => [Sources.Orders, Sources.Payments, Sources.Inventory];

    /// <summary>The address of NATS, with its password.</summary>
    public string Nats { get; }

    public static async Task<BenchTarget> StartAsync(
        BenchArguments arguments, CancellationToken ct)
    {
        var builder = await DistributedApplicationTestingBuilder
            .CreateAsync<Projects.Artesanos_AppHost>(
                ["--Data=ephemeral", $"--Nats:SyncInterval={arguments.Sync}",
                 $"--Replicas={arguments.Replicas}"], ct);
        var app = await builder.BuildAsync(ct);
        await app.StartAsync(ct);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", ct);
        var sources = new AuditSources(
            (await app.GetConnectionStringAsync("orders-db", ct))!,
            (await app.GetConnectionStringAsync("payments-db", ct))!,
            (await app.GetConnectionStringAsync("inventory-db", ct))!,
            app.GetEndpoint("stripe", "http"));
        var products = await AddProductsAsync(
            app, arguments.HotProduct ? 1 : SpreadProducts, ct);
        return new BenchTarget(
            app, await TokenAsync(app, "bench", "shopper", ct), products, sources,
            (await app.GetConnectionStringAsync("nats", ct))!);
    }

    /// <summary>A client with its own connection, as a shopper's device has.</summary>
    public HttpClient NewClient(string resource)
    {
        var client = _app.CreateHttpClient(resource, "http");
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
        using var stripe = _app.CreateHttpClient("stripe", "http");
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
        while ((await QueryAsync(Sources.Orders, hasEnded, ct, order))[0] == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), ct);
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

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<string> TokenAsync(
        DistributedApplication app, string subject, string role, CancellationToken ct)
    {
        using var gateway = app.CreateHttpClient("gateway", "http");
        using var answer = await gateway.PostAsJsonAsync(
            "/dev/token", new { sub = subject, role }, ct);
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return token.GetProperty("access_token").GetString()!;
    }

    private static async Task<List<Guid>> AddProductsAsync(
        DistributedApplication app, int count, CancellationToken ct)
    {
        using var artisan = app.CreateHttpClient("gateway", "http");
        artisan.DefaultRequestHeaders.Authorization =
            new("Bearer", await TokenAsync(app, "bench-artisan", "artisan", ct));
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

using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Artesanos.Audit;
using Artesanos.Tests;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(Topology))]

namespace Artesanos.Tests;

/// <summary>
/// The whole system, started once for all tests by the AppHost itself: free ports, data of its
/// own, gone afterwards. Tests share it, so each brings its own products and customers.
/// </summary>
public class Topology : IAsyncLifetime
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(60);
    private static readonly string[] TerminalStatuses = ["COMPLETED", "CANCELLED", "FAILED"];

    // As in production while a secret is rolled: the simulator signs with the first one, tests
    // with the second.
    private static readonly string SecondSecret =
        "whsec_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    // After these times another process takes up what a crash left behind: calls to Stripe,
    // unpublished messages, unacknowledged ones; deadlines apply again after an outage; and Stripe
    // is asked about what no webhook told.
    // Services inherit the environment of whoever starts the AppHost.
    private static readonly Dictionary<string, string> ShortWaits = new()
    {
        ["Stripe__CallTimeout"] = "00:00:02",
        ["Stripe__CallLease"] = "00:00:07",
        ["Messaging__AckWait"] = "00:00:02",
        ["Messaging__PublishLease"] = "00:00:02",
        ["Messaging__OutageGrace"] = "00:00:05",
        ["Messaging__DeleteInterval"] = "00:00:01",
        ["Stripe__ReconcileInterval"] = "00:00:01",
        ["Stripe__ReconcileAfter"] = "00:00:03",
        ["Stripe__ReconcileMaxEventPages"] = "1",
        ["Stripe__WebhookSecrets__1"] = SecondSecret,
        // Tests start some two hundred processes, and this hardening costs each a tenth of it.
        ["DOTNET_EnableWriteXorExecute"] = "0",
    };

    private readonly string[] _arguments;
    private Dictionary<string, IResource> _resources = [];
    private DistributedApplication? _app;

    public Topology() : this([]) { }

    protected Topology(params string[] arguments) =>
        _arguments = ["--Data=ephemeral", .. arguments];

    public DistributedApplication App =>
        _app ?? throw new InvalidOperationException("The topology has not started.");

    public HttpClient Gateway { get; private set; } = null!;

    /// <summary>The simulator's address, for what only Stripe knows.</summary>
    public Uri Stripe => App.GetEndpoint("stripe", "http");

    /// <summary>Variables of this system's processes only.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];

    /// <summary>Stripe's signing secrets that Payments accepts.</summary>
    public async Task<string[]> WebhookSecretsAsync(CancellationToken ct) =>
        [await ParameterAsync("stripe-webhook-secret", ct), SecondSecret];

    /// <summary>A parameter's value, secret ones too.</summary>
    public async Task<string> ParameterAsync(string name, CancellationToken ct)
    {
        var parameter = App.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .OfType<ParameterResource>().Single(p => p.Name == name);
        return await parameter.GetValueAsync(ct) ?? "";
    }

    /// <summary>Where the services' logs are.</summary>
    public string LogsFolder => App.Services.GetRequiredService<IConfiguration>()["Logs:Folder"]
        ?? throw new InvalidOperationException("This engine writes no logs to files.");

    public async ValueTask InitializeAsync()
    {
        foreach (var (option, value) in ShortWaits)
        {
            Environment.SetEnvironmentVariable(option, value);
        }
        using var patience = new CancellationTokenSource(StartPatience);
        var builder = await DistributedApplicationTestingBuilder
            .CreateAsync<Projects.Artesanos_AppHost>(_arguments, patience.Token);
        _resources = builder.Resources.ToDictionary(resource => resource.Name);
        Apply(builder);
        _app = await builder.BuildAsync(patience.Token);
        await _app.StartAsync(patience.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", patience.Token);
        Gateway = _app.CreateHttpClient("gateway", "http");
    }

    private void Apply(IDistributedApplicationTestingBuilder builder)
    {
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            foreach (var (variable, value) in Settings)
            {
                builder.CreateResourceBuilder(project).WithEnvironment(variable, value);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Gateway?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>A client of the gateway with a development token for this person.</summary>
    public async Task<HttpClient> SignInAsync(
        string subject, string role = "shopper", CancellationToken ct = default)
    {
        // On a connection of its own: one that another test's bad request made the server close
        // could break under this one.
        var client = App.CreateHttpClient("gateway", "http");
        using var answer = await client.PostAsJsonAsync(
            "/dev/token", new { sub = subject, role }, ct);
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        client.DefaultRequestHeaders.Authorization =
            new("Bearer", token.GetProperty("access_token").GetString());
        return client;
    }

    /// <summary>A shopper nobody else knows.</summary>
    public async Task<Shopper> NewShopperAsync(CancellationToken ct)
    {
        var subject = $"shopper-{Guid.CreateVersion7()}";
        return new Shopper(await SignInAsync(subject, ct: ct), subject);
    }

    /// <summary>A product nobody else buys. Price in cents.</summary>
    public async Task<Guid> NewProductAsync(
        int stock, long priceMinor, CancellationToken ct, string currency = "EUR")
    {
        using var artisan = await SignInAsync($"artisan-{Guid.CreateVersion7()}", "artisan", ct);
        using var answer = await artisan.PostAsJsonAsync("/products", new
        {
            name = "Botijo de prueba",
            town = "Úbeda",
            description = "Solo para pruebas.",
            priceMinor,
            currency,
            stock,
        }, ct);
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
        var product = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return product.GetProperty("id").GetGuid();
    }

    public async Task<int> AvailableAsync(Guid product, CancellationToken ct)
    {
        var view = await Gateway.GetFromJsonAsync<JsonElement>($"/products/{product}", ct);
        return view.GetProperty("available").GetInt32();
    }

    /// <summary>One value of one row of a service's database.</summary>
    public async Task<T?> QueryAsync<T>(
        string service, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var connection = await ConnectAsync(service, ct);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }
        var value = await command.ExecuteScalarAsync(ct);
        return value is null or DBNull ? default : (T)value;
    }

    public async Task<NpgsqlConnection> ConnectAsync(string service, CancellationToken ct)
    {
        // Unpooled: a connection from before a killed server would fail the next test.
        var unpooled = await ConnectionStringAsync(service, ct) + ";Pooling=false";
        var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync(ct);
        return connection;
    }

    public async Task<List<string>> QueryTextsAsync(
        string service, string sql, CancellationToken ct, params object[] parameters) =>
        [.. await QueryAsync<string[]>(service, $"SELECT array({sql})", ct, parameters) ?? []];

    /// <summary>A message from nobody, e.g. one that comes once more under a new id.</summary>
    /// <returns>Its sequence in the stream.</returns>
    public async Task<ulong> PublishAsync(
        string subject, byte[] payload, CancellationToken ct, Guid? id = null)
    {
        await using var connection = await ConnectToNatsAsync(ct);
        var headers = new NatsHeaders
        {
            ["Nats-Msg-Id"] = (id ?? Guid.CreateVersion7()).ToString(),
        };
        var acknowledged = await new NatsJSContext(connection).PublishAsync(
            subject, payload, headers: headers, cancellationToken: ct);
        acknowledged.EnsureSuccess();
        return acknowledged.Seq;
    }

    public async Task<NatsConnection> ConnectToNatsAsync(CancellationToken ct) =>
        new(NatsOpts.Default with
        {
            Url = await App.GetConnectionStringAsync("nats", ct) ?? "",
        });

    /// <summary>Waits until these orders have ended.</summary>
    public async Task WaitUntilEndedAsync(
        Guid[] orders, CancellationToken ct, TimeSpan? patience = null)
    {
        await Eventually.TrueAsync(
            async () => await QueryAsync<long>(
                "orders", "SELECT count(*) FROM orders WHERE id = ANY($1) AND status <> ALL($2)",
                ct, orders, TerminalStatuses) == 0,
            patience ?? EndPatience, "every order ends", ct);
    }

    /// <summary>The open dead letters of these orders, of all services, with their cause.</summary>
    public async Task<List<string>> DeadLettersAsync(Guid[] orders, CancellationToken ct)
    {
        var letters = new List<string>();
        foreach (var service in new[] { "orders", "payments", "inventory" })
        {
            letters.AddRange(await QueryTextsAsync(service,
                """
                SELECT subject || ': ' || error FROM dead_letters
                WHERE status = 'OPEN' AND (headers ->> 'ce-subject')::uuid = ANY($1)
                """, ct, orders));
        }
        return letters;
    }

    public async Task<AuditReport> AuditAsync(CancellationToken ct) =>
        await SystemAudit.RunUntilQuietAsync(
            new AuditSources(
                await ConnectionStringAsync("orders", ct),
                await ConnectionStringAsync("payments", ct),
                await ConnectionStringAsync("inventory", ct),
                Stripe),
            TimeSpan.FromSeconds(30), ct);

    /// <summary>SIGKILL, not a polite stop; an engine that cannot do that skips the test.</summary>
    public async Task KillAsync(string resource, CancellationToken ct) => Assert.SkipUnless(
        await CommandAsync(resource, "kill", ct), "This engine cannot kill a resource.");

    /// <summary>SIGSTOP: the process is there and does nothing, until it is resumed.</summary>
    public async Task PauseAsync(string resource, CancellationToken ct) => Assert.SkipUnless(
        await CommandAsync(resource, "pause", ct), "This engine cannot pause a resource.");

    public async Task ResumeAsync(string resource, CancellationToken ct) =>
        Assert.True(await CommandAsync(resource, "resume", ct));

    public async Task StopAsync(string resource, CancellationToken ct) =>
        Assert.True(await CommandAsync(resource, KnownResourceCommands.StopCommand, ct));

    public async Task StartAsync(string resource, CancellationToken ct)
    {
        Assert.True(await CommandAsync(resource, KnownResourceCommands.StartCommand, ct));
        await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, ct);
    }

    /// <param name="resource">A resource with all its replicas, or the id of one replica.</param>
    private async Task<bool> CommandAsync(string resource, string command, CancellationToken ct)
    {
        var result = _resources.TryGetValue(resource, out var all)
            ? await App.ResourceCommands.ExecuteCommandAsync(all, command, ct)
            : await App.ResourceCommands.ExecuteCommandAsync(resource, command, ct);
        return result.Success;
    }

    private async Task<string> ConnectionStringAsync(string service, CancellationToken ct) =>
        await App.GetConnectionStringAsync($"{service}-db", ct)
        ?? throw new InvalidOperationException($"{service}-db has no connection string.");
}

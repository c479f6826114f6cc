using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace Artesanos.Bench;

/// <summary>
/// Where the system under load is: in a topology that was started for it, or on this machine
/// already, by the same variables that services find each other with.
/// </summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private static readonly string[] Endpoints =
        ["gateway", "orders", "payments", "inventory", "stripe"];
    private static readonly string[] Servers = ["orders-db", "payments-db", "inventory-db", "nats"];

    private readonly DistributedApplication? _app;
    private readonly Dictionary<string, Uri> _endpoints = [];
    private readonly Dictionary<string, string> _servers = [];

    private RunningSystem(DistributedApplication? app) => _app = app;

    public Uri Endpoint(string resource) => _endpoints[resource];

    public string ConnectionString(string resource) => _servers[resource];

    public static async Task<RunningSystem> StartAsync(
        BenchArguments arguments, CancellationToken ct)
    {
        var builder = await DistributedApplicationTestingBuilder
            .CreateAsync<Projects.Artesanos_AppHost>(
                ["--Data=ephemeral", $"--Nats:SyncInterval={arguments.Sync}",
                 $"--Replicas={arguments.Replicas}"], ct);
        var app = await builder.BuildAsync(ct);
        await app.StartAsync(ct);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", ct);
        var system = new RunningSystem(app);
        foreach (var name in Endpoints)
        {
            system._endpoints[name] = app.GetEndpoint(name, "http");
        }
        foreach (var name in Servers)
        {
            system._servers[name] = (await app.GetConnectionStringAsync(name, ct))!;
        }
        return system;
    }

    /// <returns>Null, and what is wrong, unless each address is there and on this machine.</returns>
    public static RunningSystem? Find(Func<string, string?> environment, out string wrong)
    {
        var system = new RunningSystem(app: null);
        wrong = "";
        foreach (var name in Endpoints)
        {
            var variable = $"services__{name}__http__0";
            if (!Uri.TryCreate(environment(variable), UriKind.Absolute, out var address)
                || !address.IsLoopback)
            {
                wrong = $"{variable} must be an http address of this machine, such as "
                    + "http://localhost:5000: --running puts load on nothing else.";
                return null;
            }
            system._endpoints[name] = address;
        }
        foreach (var name in Servers)
        {
            var variable = $"ConnectionStrings__{name}";
            if (environment(variable) is not { Length: > 0 } server)
            {
                wrong = $"{variable} is missing: the dashboard shows it with the services that "
                    + "have it.";
                return null;
            }
            system._servers[name] = server;
        }
        return system;
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}

using Aspire.Hosting.Testing;

namespace Artesanos.Tests.Deployment;

/// <summary>
/// A system of its own whose gateway knows two addresses of each service. At the first one the
/// AppHost's process listens, unless it is stopped; at the other one whatever the test starts.
/// </summary>
public sealed class UpgradeTopology : Topology
{
    public static readonly string[] Services = ["inventory", "payments", "orders"];

    private static readonly Dictionary<string, Uri> Second = Services.ToDictionary(
        service => service, _ => FreeAddress.Http());

    public UpgradeTopology()
    {
        Settings = new(QuickDrain.Settings);
        foreach (var (service, address) in Second)
        {
            Settings[$"services__{service}__http__1"] = address.ToString();
        }
    }

    public Uri FirstOf(string service) => App.GetEndpoint(service, "http");

    public static Uri SecondOf(string service) => Second[service];

    /// <summary>What the AppHost gives a service, for processes that it did not start.</summary>
    internal async Task<Dictionary<string, string>> EnvironmentAsync(
        string service, CancellationToken ct)
    {
        var secrets = await WebhookSecretsAsync(ct);
        return new(QuickDrain.Settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Auth__PublicKey"] = await ParameterAsync("token-public-key", ct),
            [$"ConnectionStrings__{service}-db"] =
                await ConnectionStringOfAsync($"{service}-db", ct),
            ["ConnectionStrings__nats"] = await ConnectionStringOfAsync("nats", ct),
            ["Stripe__ApiKey"] = "sk_test_simulator",
            ["Stripe__ApiBase"] = Stripe.ToString(),
            ["Stripe__WebhookSecrets__0"] = secrets[0],
        };
    }

    internal async Task<string> ConnectionStringOfAsync(string resource, CancellationToken ct) =>
        await App.GetConnectionStringAsync(resource, ct)
        ?? throw new InvalidOperationException($"{resource} has no connection string.");
}

using Artesanos.Tests.Chaos;
using Aspire.Hosting.Testing;
using Xunit;

namespace Artesanos.Tests.Deployment;

/// <summary>A new version goes in replica by replica, all services at once, and no shopper
/// notices.</summary>
[Collection("Replicas")]
[Trait("Category", "E2E")]
public sealed class RollingRestartTests(TwoReplicas topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Services = ["orders", "payments", "inventory"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_replica_of_every_service_is_restarted_without_a_failed_request()
    {
        var product = await topology.NewProductAsync(stock: 100_000, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var shoppers = new ExactingShoppers(shopper.Http, product);

        foreach (var replica in new[] { 1, 2 })
        {
            await Task.WhenAll(Services.Select(service =>
                RestartAsync($"{service}-{replica}")));
        }

        await topology.CompleteAsync(await shoppers.EndAsync(), Ct);
    }

    [Fact]
    public async Task Both_gateways_are_restarted_without_a_failed_request()
    {
        var product = await topology.NewProductAsync(stock: 100_000, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        Uri[] addresses = [FreeAddress.Http(), FreeAddress.Http()];
        var settings = await SettingsAsync();
        ServiceProcess Start(Uri address) => new("gateway", [], new(settings)
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
        });
        var gateways = addresses.ToDictionary(address => address, Start);
        try
        {
            await using var balancer = await Balancer.StartAsync(addresses, Ct);
            foreach (var address in addresses)
            {
                await UsedAsync(balancer, address);
            }
            using var http = new HttpClient { BaseAddress = balancer.Address };
            http.DefaultRequestHeaders.Authorization =
                shopper.Http.DefaultRequestHeaders.Authorization;
            await using var shoppers = new ExactingShoppers(http, product);

            foreach (var address in addresses)
            {
                gateways[address].Stop();
                Assert.Equal(0, await gateways[address].ExitCodeAsync(Ct).WaitAsync(Patience, Ct));
                Assert.False(balancer.Uses(address));
                gateways[address].Dispose();
                gateways[address] = Start(address);
                await UsedAsync(balancer, address);
            }

            await topology.CompleteAsync(await shoppers.EndAsync(), Ct);
        }
        finally
        {
            foreach (var gateway in gateways.Values)
            {
                gateway.Dispose();
            }
        }
    }

    private async Task RestartAsync(string replica)
    {
        await topology.StopAsync(replica, Ct);
        await topology.StartAsync(replica, Ct);
    }

    private static Task UsedAsync(Balancer balancer, Uri gateway) => Eventually.TrueAsync(
        () => Task.FromResult(balancer.Uses(gateway)), Patience, $"{gateway} is well", Ct);

    /// <summary>Of a gateway as the AppHost starts it, before the same services.</summary>
    private async Task<Dictionary<string, string>> SettingsAsync()
    {
        Dictionary<string, string> settings = new(QuickDrain.Settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Auth__PublicKey"] = await topology.ParameterAsync("token-public-key", Ct),
            ["Auth__SigningKey"] = await topology.ParameterAsync("token-signing-key", Ct),
        };
        foreach (var service in new[] { "orders", "payments", "inventory" })
        {
            settings[$"services__{service}__http__0"] =
                topology.App.GetEndpoint(service, "http").ToString();
        }
        foreach (var limit in new[] { "User", "UserOrders", "Address", "Webhooks" })
        {
            settings[$"Traffic__{limit}PerMinute"] = "10000000";
        }
        return settings;
    }
}

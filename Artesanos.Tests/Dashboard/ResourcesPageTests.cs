using Aspire.Hosting.Testing;
using Microsoft.Playwright;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>The resources as the engine runs them, and commands to them.</summary>
[Collection("Dashboard")]
[Trait("Category", "E2E")]
public sealed class ResourcesPageTests(DashboardSystem system)
{
    private static readonly string[] Names =
    [
        "postgres", "nats", "orders-db", "payments-db", "inventory-db", "inventory", "payments",
        "orders", "gateway", "stripe",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_resource_is_listed_healthy_with_its_endpoints()
    {
        await using var visitor = await system.VisitAsync();

        foreach (var name in Names)
        {
            await visitor.Resource(name).GetByText("Healthy").WaitForAsync();
        }
        await visitor.SeesAsync($"All {Names.Length} are healthy.");
        var gateway = system.Topology.App.GetEndpoint("gateway", "http").ToString().TrimEnd('/');
        var link = visitor.Resource("gateway").GetByRole(
            AriaRole.Link, new() { Name = gateway, Exact = true });
        Assert.Equal(gateway, await link.GetAttributeAsync("href"));
        await visitor.ShowAsync("resources");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task A_service_is_stopped_and_started_from_the_page()
    {
        await using var visitor = await system.VisitAsync();
        var stripe = visitor.Resource("stripe");

        await using var afterwards = Afterwards("start");
        await visitor.PressAsync("Stop stripe");
        await stripe.GetByText("Stopped").WaitForAsync();
        Assert.Equal(0, await stripe.GetByRole(
            AriaRole.Button, new() { Name = "Pause stripe" }).CountAsync());
        await visitor.ShowAsync("resources-stopped");

        await visitor.PressAsync("Start stripe");
        await stripe.GetByText("Healthy").WaitForAsync();
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task A_paused_service_is_shown_as_paused_until_it_goes_on()
    {
        await using var visitor = await system.VisitAsync();
        var stripe = visitor.Resource("stripe");

        await using var afterwards = Afterwards("resume");
        await visitor.PressAsync("Pause stripe");
        await stripe.GetByText("Paused").WaitForAsync();
        await visitor.PressAsync("Resume stripe");

        await stripe.GetByText("Healthy").WaitForAsync();
    }

    [Fact]
    public async Task A_process_that_died_says_with_which_exit_code()
    {
        await using var visitor = await system.VisitAsync();

        await using var afterwards = Afterwards("start");
        await system.Topology.KillAsync("stripe", Ct);
        await visitor.Resource("stripe").GetByText("Exited (137)").WaitForAsync();
        await visitor.Resource("stripe").GetByRole(AriaRole.Link, new() { Name = "stripe" }).First
            .ClickAsync();
        await visitor.Page.GetByLabel("Details of stripe").GetByText("ended with exit code 137")
            .WaitForAsync();
        await visitor.ShowAsync("resource-exited");
    }

    [Fact]
    public async Task Details_show_the_environment_without_a_secret()
    {
        await using var visitor = await system.VisitAsync();
        await visitor.OpenAsync("resources/payments");
        await visitor.SeesAsync("ConnectionStrings__payments-db");
        await visitor.ShowAsync("resource-details");

        var text = await visitor.Page.ContentAsync();

        Assert.Contains("Database=payments", text, StringComparison.Ordinal);
        foreach (var secret in await SecretsAsync())
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
        visitor.AssertNoErrors();
    }

    // Others need it, however this test ends.
    private Command Afterwards(string command) => new(system.Topology, command);

    private sealed class Command(Topology topology, string command) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await topology.App.ResourceCommands.ExecuteCommandAsync("stripe", command);
            await topology.App.ResourceNotifications.WaitForResourceHealthyAsync("stripe");
        }
    }

    private async Task<string[]> SecretsAsync()
    {
        var postgres = new NpgsqlConnectionStringBuilder(
            await system.Topology.App.GetConnectionStringAsync("payments-db", Ct)).Password!;
        var nats = new Uri((await system.Topology.App.GetConnectionStringAsync("nats", Ct))!)
            .UserInfo.Split(':')[1];
        return
        [
            postgres, nats, "sk_test_simulator",
            (await system.Topology.WebhookSecretsAsync(Ct))[0],
            system.Address.Query["?t=".Length..],
        ];
    }
}

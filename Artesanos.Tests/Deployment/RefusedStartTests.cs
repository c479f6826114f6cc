using Xunit;

namespace Artesanos.Tests.Deployment;

/// <summary>What an operator sees of a process that cannot start.</summary>
public sealed class RefusedStartTests
{
    [Theory]
    [InlineData("orders", "ConnectionStrings__orders-db is missing: set it to ")]
    [InlineData("payments", "ConnectionStrings__nats is missing or no address of NATS: set it to ")]
    [InlineData("inventory", "ConnectionStrings__nats is missing or no address of NATS: set it to ")]
    [InlineData("gateway", "services__orders__http__0 is missing; services__payments__http__0 ")]
    public async Task Missing_settings_end_the_process_with_one_line(
        string service, string expected) => await AssertSaysAsync(service, [], expected);

    [Fact]
    public async Task Wrong_settings_end_the_process_with_one_line() => await AssertSaysAsync(
        "orders",
        new()
        {
            ["ConnectionStrings__orders-db"] = "Host=127.0.0.1;Port=9;Database=orders",
            ["ConnectionStrings__nats"] = "nats://127.0.0.1:9",
            ["Auth__Authority"] = "https://login.example",
            ["Messaging__MaxBatch"] = "many",
        },
        "Messaging__MaxBatch must be a whole number, such as 128.");

    private static async Task AssertSaysAsync(
        string service, Dictionary<string, string> environment, string expected)
    {
        using var process = new ServiceProcess(service, [], environment);

        var exitCode = await process.ExitCodeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Contains($" cannot start: {expected}", Assert.Single(process.Output.Split('\n')));
    }
}

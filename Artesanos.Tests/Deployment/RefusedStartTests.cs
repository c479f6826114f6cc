using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
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

    [Fact]
    public async Task A_taken_port_ends_the_process_and_its_last_line_has_the_cure()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{other.LocalEndpoint}";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var process = new ServiceProcess("gateway", [], new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = address,
            ["Auth__PublicKey"] = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
            ["services__orders__http__0"] = "http://127.0.0.1:9",
            ["services__payments__http__0"] = "http://127.0.0.1:9",
            ["services__inventory__http__0"] = "http://127.0.0.1:9",
        });

        Assert.NotEqual(0, await process.ExitCodeAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith(
            $"Artesanos.Gateway cannot start: Failed to bind to address {address}: address already "
            + "in use. End the process that has it (ss -ltnp)",
            process.Output.Split('\n')[^1]);
    }

    private static async Task AssertSaysAsync(
        string service, Dictionary<string, string> environment, string expected)
    {
        using var process = new ServiceProcess(service, [], environment);

        var exitCode = await process.ExitCodeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Contains($" cannot start: {expected}", Assert.Single(process.Output.Split('\n')));
    }
}

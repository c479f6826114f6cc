using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Engine;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>Who gets a dashboard, and on which port.</summary>
public sealed class EngineOptionsTests
{
    [Theory]
    [InlineData(true, null, null, true)]
    [InlineData(true, "off", null, false)]
    [InlineData(true, null, "ephemeral", false)]
    [InlineData(true, "on", "ephemeral", true)]
    [InlineData(false, null, null, false)]
    [InlineData(false, "on", null, true)]
    public void A_developer_at_the_screen_gets_one_and_others_who_ask(
        bool atTheScreen, string? dashboard, string? data, bool shown) =>
        Assert.Equal(shown, Options(atTheScreen, ("Dashboard", dashboard), ("Data", data))
            .ShowsDashboard);

    [Fact]
    public void A_port_that_is_taken_is_replaced_by_a_free_one()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        using var ports = new PortAllocator(Options(atTheScreen: true));

        Assert.NotEqual(taken, ports.AllocateOrFree(taken));
    }

    private static EngineOptions Options(
        bool atTheScreen, params (string Key, string? Value)[] configuration) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(
            configuration.Select(c => KeyValuePair.Create(c.Key, c.Value))).Build())
        {
            AppHostName = "test",
            AppHostDirectory = ".",
            BuildConfiguration = "Debug",
            RandomizePorts = false,
            WritesToConsole = atTheScreen,
        };
}

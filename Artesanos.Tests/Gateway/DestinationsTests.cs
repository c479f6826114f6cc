using Artesanos.Gateway.Routing;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Artesanos.Tests.Gateway;

public class DestinationsTests
{
    [Fact]
    public void Every_replica_of_a_service_is_a_destination()
    {
        var cluster = Assert.Single(Destinations.Read(
            Configuration(
                ("services:orders:http:0", "http://localhost:3004"),
                ("services:orders:http:1", "http://localhost:40123")),
            ["orders"]));

        Assert.Equal("orders", cluster.ClusterId);
        Assert.Equal(
            ["http://localhost:3004", "http://localhost:40123"],
            cluster.Destinations!.Values.Select(destination => destination.Address).Order());
    }

    [Fact]
    public void Missing_addresses_are_all_named_with_the_cure()
    {
        var error = Assert.Throws<WrongSettingException>(() => Destinations.Read(
            Configuration(("services:orders:http:0", "http://localhost:3004")),
            ["orders", "payments", "inventory"]));

        Assert.Contains("services__payments__http__0 is missing", error.Message);
        Assert.Contains("services__inventory__http__0 is missing", error.Message);
        Assert.DoesNotContain("services__orders", error.Message);
        Assert.Contains("Artesanos.AppHost", error.Message);
    }

    [Theory]
    [InlineData("localhost:3004")]
    [InlineData("nats://localhost:4222")]
    [InlineData("not an address")]
    public void An_address_that_is_not_http_is_refused(string address)
    {
        var error = Assert.Throws<WrongSettingException>(() =>
            Destinations.Read(Configuration(("services:orders:http:0", address)), ["orders"]));

        Assert.Contains("services__orders__http__0 is not an http(s) address", error.Message);
    }

    [Fact]
    public void A_probe_without_a_pause_is_refused_by_its_name()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Destinations.Read(
            Configuration(
                ("services:orders:http:0", "http://localhost:3004"),
                ("Probes:Interval", "00:00:00")),
            ["orders"]));

        Assert.Contains("Probes__Interval must be between", error.Message);
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.ToDictionary(
                pair => pair.Key, pair => (string?)pair.Value))
            .Build();
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using Aspire.Hosting.Testing;
using Xunit;

namespace Artesanos.Tests.Gateway;

/// <summary>
/// What the gateway costs, printed and held to its promise. Only when asked for, on a machine
/// with nothing else to do: <c>--explicit only --filter-trait Category=Measure</c>.
/// </summary>
[Collection("Alone")]
[Trait("Category", "Measure")]
public sealed class FrontDoorMeasurements(Topology topology)
{
    private const int WarmUp = 2_000;
    private const int Samples = 5_000;
    private const int Shoppers = 100;
    private const int StreamsPerShopper = 20;
    private const double MaxMedianMs = 1.0;
    private const long MaxGatewayBytes = 200L * 1024 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task The_gateway_adds_at_most_a_millisecond_at_the_median()
    {
        using var direct = topology.App.CreateHttpClient("inventory", "http");
        var (alone, through) = (new List<double>(), new List<double>());
        for (var i = 0; i < WarmUp + Samples; i++)
        {
            // Alternating, so that both meet the same disturbances. No id: no database.
            alone.Add(await MillisecondsAsync(direct));
            through.Add(await MillisecondsAsync(topology.Gateway));
        }

        var (before, after) = (Median(alone), Median(through));
        Print($"direct {before:F3} ms, through the gateway {after:F3} ms at the median");
        Assert.InRange(after - before, double.MinValue, MaxMedianMs);
    }

    [Fact(Explicit = true)]
    public async Task Two_thousand_streams_fit_in_200_MB_of_the_gateway()
    {
        var product = await topology.NewProductAsync(stock: Shoppers, priceMinor: 1000, Ct);
        var before = GatewayBytes();
        var shoppers = new List<Shopper>();
        var orders = new List<Guid>();
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < Shoppers; i++)
        {
            var shopper = await topology.NewShopperAsync(Ct);
            shoppers.Add(shopper);
            var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
            orders.Add(order);
            streams.AddRange(await Task.WhenAll(Enumerable.Range(0, StreamsPerShopper)
                .Select(_ => shopper.Http.GetAsync(
                    $"/orders/{order}/events", HttpCompletionOption.ResponseHeadersRead, Ct))));
        }
        Assert.All(streams, stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));

        var open = GatewayBytes();
        // The door stays open for everybody else.
        using var products = await topology.Gateway.GetAsync("/products", Ct);
        Print($"{streams.Count} streams: {open >> 20} MB, {before >> 20} MB before");
        streams.ForEach(stream => stream.Dispose());
        foreach (var (shopper, order) in shoppers.Zip(orders))
        {
            using var cancelled = await shopper.Http.PostAsync($"/orders/{order}/cancel", null, Ct);
            shopper.Dispose();
        }
        await topology.WaitUntilEndedAsync([.. orders], Ct);
        Assert.Equal(HttpStatusCode.OK, products.StatusCode);
        Assert.InRange(open, 1, MaxGatewayBytes);
    }

    private static async Task<double> MillisecondsAsync(HttpClient client)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync("/products/none", Ct);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static double Median(List<double> samples) =>
        samples.Skip(WarmUp).Order().ElementAt(Samples / 2);

    /// <summary>Resident memory of the gateway that this process started.</summary>
    private static long GatewayBytes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Read from /proc.");
        return Process.GetProcessesByName("dotnet").Single(IsOurGateway).WorkingSet64;
    }

    private static bool IsOurGateway(Process process)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{process.Id}/cmdline");
            var status = File.ReadAllText($"/proc/{process.Id}/stat");
            // After the name in parentheses: state, then the parent.
            var parent = status[(status.LastIndexOf(')') + 2)..].Split(' ')[1];
            return command.Contains("Artesanos.Gateway.dll", StringComparison.Ordinal)
                && int.Parse(parent, CultureInfo.InvariantCulture) == Environment.ProcessId;
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return false;
        }
    }

    private static void Print(string line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(line);
}

using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Artesanos.Bench;

/// <summary>
/// What telemetry costs: the same load on fresh topologies with it on, off, off and on, so that a
/// machine that warms up or tires favours neither. On means that every service measures, is
/// scraped as Prometheus would, and exports traces, logs and metrics to a receiver in this process.
/// </summary>
internal static class TelemetryComparison
{
    private const string DisabledVariable = "OTEL_SDK_DISABLED";
    private const double Budget = 0.10;

    /// <returns>0 when it costs at most 10 % of the throughput and all else is well.</returns>
    public static async Task<int> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var rates = new Dictionary<bool, List<double>> { [true] = [], [false] = [] };
        var clean = true;
        await using var receiver = await StartReceiverAsync(ct);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Urls.Single());
        foreach (var on in new[] { true, false, false, true })
        {
            // The services inherit it from this process.
            Environment.SetEnvironmentVariable(DisabledVariable, on ? "false" : "true");
            await using var target = await BenchTarget.PrepareAsync(
                await RunningSystem.StartAsync(arguments, ct), arguments, ct);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var scraping = on ? ScrapeAsync(target, stop.Token) : Task.CompletedTask;
            var load = await SagaLoad.RunAsync(target, arguments, ct);
            await stop.CancelAsync();
            await scraping;
            var report = await BenchReport.MeasureAsync(target, arguments, load, ct);
            clean &= report.Violations == 0 && load.Traffic.Errors == 0;
            rates[on].Add(report.OrdersPerSecond);
            Console.WriteLine($"telemetry {(on ? "on" : "off")}");
            Console.WriteLine(report.ToTable());
        }
        var cost = 1 - rates[true].Average() / rates[false].Average();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"telemetry    on {List(rates[true])}, off {List(rates[false])} orders/s: "
            + $"costs {100 * cost:0.0} % of the throughput"));
        return clean && cost <= Budget ? 0 : 1;
    }

    /// <summary>Takes what is sent and looks at none of it, as cheap as a receiver can be.</summary>
    private static async Task<WebApplication> StartReceiverAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{signal}", http => http.Request.Body.CopyToAsync(Stream.Null, ct));
        await app.StartAsync(ct);
        return app;
    }

    private static string List(List<double> rates) => string.Join(
        " and ", rates.Select(rate => rate.ToString(CultureInfo.InvariantCulture)));

    private static async Task ScrapeAsync(BenchTarget target, CancellationToken ct)
    {
        string[] services = ["orders", "payments", "inventory"];
        var clients = services.Select(target.NewClient).ToList();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                foreach (var (service, client) in services.Zip(clients))
                {
                    await client.GetStringAsync($"/{service}/metrics", ct);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}

// Load from outside: starts the topology with data of its own, places orders, waits until every
// saga has ended, audits the invariants, and prints what was measured.
using Artesanos.Bench;

if (BenchArguments.Parse(args, out var error) is not { } arguments)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(BenchArguments.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

if (arguments.CompareTelemetry)
{
    return await TelemetryComparison.RunAsync(arguments, stop.Token);
}

await using var target = await BenchTarget.StartAsync(arguments, stop.Token);
var load = await SagaLoad.RunAsync(target, arguments, stop.Token);
var report = await BenchReport.MeasureAsync(target, arguments, load, stop.Token);
Console.WriteLine(arguments.Json ? report.ToJson() : report.ToTable());
return report.Violations == 0 && load.Errors == 0 ? 0 : 1;

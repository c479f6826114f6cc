// Load from outside: starts the topology with data of its own, or takes one that runs; places
// orders, waits until every saga has ended, audits the invariants, and prints what was measured.
using Artesanos.Bench;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

if (args is ["compare", var before, var after])
{
    return await ReportComparison.RunAsync(before, after, stop.Token);
}

if (BenchArguments.Parse(args, out var error) is not { } arguments)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(BenchArguments.Usage);
    return 2;
}

if (arguments.CompareTelemetry)
{
    return await TelemetryComparison.RunAsync(arguments, stop.Token);
}

var running = arguments.Running
    ? RunningSystem.Find(Environment.GetEnvironmentVariable, out error)
    : await RunningSystem.StartAsync(arguments, stop.Token);
if (running is null)
{
    Console.Error.WriteLine(error);
    return 2;
}

await using var target = await BenchTarget.PrepareAsync(running, arguments, stop.Token);
var limits = arguments.Limits
    ? await Limits.MeasureAsync(target, arguments, stop.Token) : null;
var load = await SagaLoad.RunAsync(target, arguments, stop.Token);
var report = await BenchReport.MeasureAsync(target, arguments, load, stop.Token) with
{
    Limits = limits,
};
Console.WriteLine(arguments.Json ? report.ToJson() : report.ToTable());
return report.Violations == 0 && load.Traffic.Errors == 0 ? 0 : 1;

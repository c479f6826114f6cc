// The parts of the hot path, each alone: dotnet run -c Release --project bench/Artesanos.MicroBench
using Artesanos.MicroBench;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process: the projects it would generate know nothing of the central package versions.
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default);

BenchmarkSwitcher
    .FromTypes(
        [
            typeof(SagaSteps), typeof(Messages), typeof(Coalescing), typeof(OutboxHandOver),
            typeof(ReservationStatements),
        ])
    .Run(args.Length == 0 ? ["--filter", "*"] : args, config);

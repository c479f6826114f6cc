using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Engine;

/// <summary>One process of a resource: its state, its health, and the commands on it. Nothing
/// restarts by itself.</summary>
internal sealed class Instance(
    ResourceRunner runner, string id, int index, RunContext context,
    ResourceNotificationService notifications, ProcessLog log) : IAsyncDisposable
{
    private const int _linesShown = 20;
    private static readonly TimeSpan _firstProbe = TimeSpan.FromMilliseconds(50);
    // While others wait for it, it is asked often; one that stays unhealthy is left in peace.
    private static readonly TimeSpan _slowestStartingProbe = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _slowestUnhealthyProbe = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _starting = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _healthyProbe = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _killGrace = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _command = new(1, 1);
    private readonly Lock _gate = new();
    private CustomResourceSnapshot _snapshot =
        new() { ResourceType = runner.Resource.GetType().Name };
    private ChildProcess? _process;
    private CancellationTokenSource? _running;
    private Task _monitor = Task.CompletedTask;
    private TaskCompletionSource _doubt = new();
    private bool _toldToEnd;

    public string Id { get; } = id;
    public int Index { get; } = index;
    public ResourceRunner Runner { get; } = runner;
    public ProcessLog Log { get; } = log;
    public bool HasProcess => Runner.HasProcess;

    /// <summary>Whether it is meant to go on running: it has a health check.</summary>
    public bool IsService => Runner is not ServiceRunner
        || Runner.Resource.Annotations.OfType<HttpHealthCheckAnnotation>().Any();

    /// <summary>What lives inside this process, and is not healthy while it is not.</summary>
    public List<Instance> Children { get; } = [];

    /// <summary>What its process was last started with; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } =
        new Dictionary<string, string>();

    public CustomResourceSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return _snapshot;
            }
        }
    }

    public int? ProcessId => _process is { Exited.IsCompleted: false } process ? process.Id : null;

    public bool IsPaused { get; private set; }

    /// <summary>Why it is not healthy; null if it is.</summary>
    public string? Complaint { get; private set; } = "not started";

    public void Publish(
        string state, HealthStatus? health = null, int? exitCode = null)
    {
        lock (_gate)
        {
            var now = DateTime.UtcNow;
            var starts = state == KnownResourceStates.Running && _snapshot.State?.Text != state;
            _snapshot = _snapshot with
            {
                State = new(state, null),
                HealthStatus = health,
                ExitCode = exitCode,
                StartTimeStamp = starts ? now : _snapshot.StartTimeStamp,
                StopTimeStamp = KnownResourceStates.TerminalStates.Contains(state) ? now : null,
            };
            notifications.Publish(new(Runner.Resource, Id, _snapshot));
        }
        if (health != HealthStatus.Healthy)
        {
            Children.ForEach(c => c.Doubt());
        }
    }

    /// <summary>Starts the process; returns once it runs. Does nothing if it does.</summary>
    public Task StartAsync(CancellationToken ct) => CommandAsync(StartCoreAsync, ct);

    /// <summary>Asks the process to end, then ends it; returns once it has ended.</summary>
    public Task StopAsync(CancellationToken ct) =>
        CommandAsync(token => StopCoreAsync(Runner.StopSteps, token), ct);

    /// <summary>The same when the whole application ends.</summary>
    public Task StopForGoodAsync(CancellationToken ct) =>
        CommandAsync(token => StopCoreAsync(Runner.LastStopSteps, token), ct);

    public Task RestartAsync(CancellationToken ct) => CommandAsync(async token =>
    {
        await StopCoreAsync(Runner.StopSteps, token);
        await StartCoreAsync(token);
    }, ct);

    /// <summary>Ends the process as a crash would.</summary>
    public Task KillAsync(CancellationToken ct) => CommandAsync(async token =>
    {
        _toldToEnd = true;
        _process?.Signal(ChildProcess.SigKill);
        await _monitor.WaitAsync(token);
    }, ct);

    /// <summary>Lets the process lie still, or go on, as an overloaded machine would.</summary>
    public Task PauseAsync(bool pause, CancellationToken ct) => CommandAsync(_ =>
    {
        _process?.Signal(pause ? ChildProcess.SigStop : ChildProcess.SigContinue);
        IsPaused = pause && _process is not null;
        return Task.CompletedTask;
    }, ct);

    public string DescribeFailure()
    {
        var state = _snapshot.State?.Text ?? "";
        var what = _snapshot.ExitCode is { } code
            ? $"ended with exit code {code}" : $"is in state {state} ({Complaint})";
        return $"Resource '{Id}' {what}. Its last lines:\n{Log.Tail(_linesShown)}";
    }

    public async ValueTask DisposeAsync()
    {
        await StopForGoodAsync(CancellationToken.None);
        _running?.Dispose();
        _command.Dispose();
        Log.Dispose();
    }

    private async Task CommandAsync(Func<CancellationToken, Task> command, CancellationToken ct)
    {
        await _command.WaitAsync(ct);
        try
        {
            await command(ct);
        }
        finally
        {
            _command.Release();
        }
    }

    private async Task StartCoreAsync(CancellationToken ct)
    {
        if (_process is { Exited.IsCompleted: true })
        {
            // Its end is known to others already, who may ask for the start at once.
            await _monitor.WaitAsync(ct);
        }
        if (!_monitor.IsCompleted)
        {
            return;
        }
        Complaint = "starting";
        Publish(KnownResourceStates.Starting);
        _toldToEnd = false;
        IsPaused = false;
        try
        {
            _process = HasProcess ? await LaunchAsync(ct) : null;
        }
        catch (DistributedApplicationException failure)
        {
            Complaint = failure.Message;
            Publish(KnownResourceStates.FailedToStart);
            throw;
        }
        Publish(KnownResourceStates.Running, HealthStatus.Unhealthy);
        _running?.Dispose();
        _running = new();
        _monitor = MonitorAsync(_process, _running);
    }

    private async Task<ChildProcess> LaunchAsync(CancellationToken ct)
    {
        var spec = await Runner.DescribeAsync(this, ct);
        Environment = spec.Environment;
        foreach (var endpoint in Runner.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            context.Ports.Release(endpoint.AllocatedPorts[Index]);
        }
        return await ChildProcess.StartAsync(spec, line =>
        {
            Log.Write(line);
            context.Console.WriteLine(Id, line);
        });
    }

    private async Task StopCoreAsync(IReadOnlyList<StopStep> steps, CancellationToken ct)
    {
        if (_monitor.IsCompleted)
        {
            return;
        }
        _toldToEnd = true;
        Publish(KnownResourceStates.Stopping);
        await _running!.CancelAsync();
        foreach (var step in steps.Append(new(ChildProcess.SigKill, _killGrace)))
        {
            _process?.Signal(step.Signal);
            if (await Task.WhenAny(_monitor, Task.Delay(step.Grace, ct)) == _monitor)
            {
                break;
            }
            ct.ThrowIfCancellationRequested();
        }
    }

    // Runs as long as the process does, then says how it ended.
    private async Task MonitorAsync(ChildProcess? process, CancellationTokenSource running)
    {
        await Task.Yield();
        var health = WatchHealthAsync(running.Token);
        if (process is null)
        {
            await health;
            Publish(KnownResourceStates.Exited);
            return;
        }
        var code = await process.Exited;
        await running.CancelAsync();
        await health;
        Complaint = $"ended with exit code {code}";
        var byItself = !_toldToEnd;
        Publish(byItself && code == 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited,
            exitCode: code);
        if (byItself)
        {
            context.Console.WriteError(code == 0 && !IsService
                ? $"{Id} has ended." : $"Nobody asked it to end: {DescribeFailure()}");
        }
    }

    // Not healthy until the next probe, which is made now.
    private void Doubt()
    {
        if (!_monitor.IsCompleted && !_toldToEnd)
        {
            Publish(KnownResourceStates.Running, HealthStatus.Unhealthy);
            _doubt.TrySetResult();
        }
    }

    private async Task WatchHealthAsync(CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        var delay = _firstProbe;
        var wasHealthy = false;
        while (!ct.IsCancellationRequested)
        {
            if (_doubt.Task.IsCompleted)
            {
                _doubt = new();
                wasHealthy = false;
            }
            Complaint = await ProbeAsync(ct);
            if (ct.IsCancellationRequested)
            {
                return;
            }
            var healthy = Complaint is null;
            if (healthy != wasHealthy)
            {
                delay = _firstProbe;
                Publish(_toldToEnd ? KnownResourceStates.Stopping : KnownResourceStates.Running,
                    healthy ? HealthStatus.Healthy : HealthStatus.Unhealthy);
                if (!healthy && !_toldToEnd)
                {
                    context.Console.WriteError($"{Id} is unhealthy: {Complaint}");
                }
            }
            wasHealthy = healthy;
            await Task.WhenAny(_doubt.Task, Task.Delay(healthy ? _healthyProbe : delay, ct));
            var slowest = Stopwatch.GetElapsedTime(begun) < _starting
                ? _slowestStartingProbe : _slowestUnhealthyProbe;
            delay = delay * 1.5 > slowest ? slowest : delay * 1.5;
        }
    }

    private async Task<string?> ProbeAsync(CancellationToken ct)
    {
        try
        {
            return await Runner.ProbeAsync(this, ct);
        }
        catch (OperationCanceledException)
        {
            return "ending";
        }
        catch (DistributedApplicationException failure)
        {
            return failure.Message;
        }
    }
}

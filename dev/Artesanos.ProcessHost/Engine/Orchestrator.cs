using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Engine;

/// <summary>Starts every resource as soon as what it waits for is healthy, and stops them in
/// reverse.</summary>
internal sealed class Orchestrator : IHostedService, IAsyncDisposable
{
    private readonly IReadOnlyList<IResource> _resources;
    private readonly DistributedApplicationExecutionContext _execution;
    private readonly EngineOptions _options;
    private readonly ResourceNotificationService _notifications;
    private readonly List<Instance> _instances = [];
    private readonly TaskCompletionSource _allHealthy = new();
    private PortAllocator? _ports;
    private RunFolder? _folder;
    private DashboardProcess? _dashboard;

    public Orchestrator(
        IReadOnlyList<IResource> resources, DistributedApplicationExecutionContext execution,
        EngineOptions options, ResourceNotificationService notifications)
    {
        _resources = [.. resources.Where(r => r is not ParameterResource)];
        _execution = execution;
        _options = options;
        _notifications = notifications;
        Parameters = [.. resources.OfType<ParameterResource>()];
        Console = new(options.WritesToConsole);
        notifications.DescribeFailure =
            id => FindInstance(id)?.DescribeFailure() ?? $"Resource '{id}' failed.";
    }

    public EngineConsole Console { get; }

    private IReadOnlyList<ParameterResource> Parameters { get; }

    public Instance? FindInstance(string id) => _instances.Find(
        i => string.Equals(i.Id, id, StringComparison.OrdinalIgnoreCase));

    public IEnumerable<Instance> InstancesOf(string name) => _instances.Where(
        i => string.Equals(i.Runner.Resource.Name, name, StringComparison.OrdinalIgnoreCase));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.StartTimeout);
        try
        {
            await PrepareAsync(limit.Token);
            _dashboard?.Start(_allHealthy.Task);
            await StartAllAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var late = _instances.Where(i => i.Complaint is not null).ToList();
            var message = $"The start took longer than {_options.StartTimeout}. Not healthy:\n"
                + string.Join('\n', late.Select(i => $"{i.Id}: {i.DescribeFailure()}"));
            await StopAsync(CancellationToken.None);
            throw new DistributedApplicationException(message);
        }
        catch (Exception failure)
        {
            await StopAsync(CancellationToken.None);
            if (failure is IOException or UnauthorizedAccessException)
            {
                throw new DistributedApplicationException(
                    "A file cannot be used, perhaps because another user made it: "
                    + failure.Message, failure);
            }
            throw;
        }
        var seconds = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;
        Console.Write(string.Create(CultureInfo.InvariantCulture,
            $"All resources are healthy in {seconds:0.0} s. {ExternalUrls()}"));
        _allHealthy.TrySetResult();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await (_dashboard?.StopAsync() ?? Task.CompletedTask);
        foreach (var level in _instances.GroupBy(i => Depth(i.Runner.Resource, 0))
            .OrderByDescending(g => g.Key))
        {
            await Task.WhenAll(level.Select(i => i.StopForGoodAsync(CancellationToken.None)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
            instance.Runner.Dispose();
        }
        _instances.Clear();
        _dashboard?.Dispose();
        _ports?.Dispose();
        _folder?.Dispose();
        _folder = null;
    }

    // Everything that can be known to be wrong is said before anything starts.
    private async Task PrepareAsync(CancellationToken ct)
    {
        CheckParameters();
        _ports = new(_options);
        _ports.Allocate(_resources);
        RunFolder.DeleteLeftovers();
        _folder = RunFolder.Create();
        var logs = Folders.Create(_options.LogsFolder ?? Path.Combine(_folder.FullPath, "logs"));
        _options.PublishLogsFolder(logs);

        var context = new RunContext(_options, _execution, _folder, _ports, Console);
        if (_options is { ShowsDashboard: true, DashboardProject: not null })
        {
            _dashboard = new(context, _instances, new SecretMask(Parameters, _resources),
                new ResourceCommandService(this), Path.Combine(logs, "dashboard.log"));
            context = context with { Dashboard = _dashboard };
        }
        foreach (var resource in _resources)
        {
            var runner = context.CreateRunner(resource);
            var replicas = PortAllocator.ReplicasOf(resource);
            for (var i = 0; i < replicas; i++)
            {
                var id = replicas == 1 ? resource.Name
                    : string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{i + 1}");
                var log = new ProcessLog(Path.Combine(logs, id + ".log"));
                var instance = new Instance(runner, id, i, context, _notifications, log);
                _instances.Add(instance);
                instance.Publish(KnownResourceStates.NotStarted);
            }
        }
        foreach (var parent in _instances)
        {
            parent.Children.AddRange(_instances.Where(i => i.Runner.Resource
                is IResourceWithParent child && child.Parent == parent.Runner.Resource));
        }
        Console.Register(_instances.Where(i => i.HasProcess).Select(i => i.Id));
        var runners = _instances.Select(i => i.Runner).Distinct();
        await Task.WhenAll(runners.Select(r => r.PrepareAsync(ct)));
    }

    private void CheckParameters()
    {
        var missing = Parameters.Where(p => !p.HasValue).ToList();
        if (missing.Count > 0)
        {
            throw new DistributedApplicationException(string.Join('\n', missing.Select(p =>
                $"Parameter '{p.Name}' has no value. Set it with: dotnet user-secrets set "
                + $"\"Parameters:{p.Name}\" VALUE --project {_options.AppHostDirectory}, "
                + "or with the environment variable "
                + $"Parameters__{p.Name.Replace('-', '_')}=VALUE")));
        }
    }

    private async Task StartAllAsync(CancellationToken ct)
    {
        using var others = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var starts = _instances
            .Where(i => !i.Runner.Resource.Annotations.OfType<ExplicitStartAnnotation>().Any())
            .Select(i => StartWhenReadyAsync(i, others.Token)).ToList();
        var pending = starts.ToList();
        while (pending.Count > 0)
        {
            var first = await Task.WhenAny(pending);
            pending.Remove(first);
            if (first.IsFaulted)
            {
                await others.CancelAsync();
                await Task.WhenAll(pending).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            await first;
        }
    }

    private async Task StartWhenReadyAsync(Instance instance, CancellationToken ct)
    {
        var resource = instance.Runner.Resource;
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (waits.Count > 0)
        {
            instance.Publish(KnownResourceStates.Waiting);
        }
        await Task.WhenAll(waits.Select(w => WaitForAsync(w, ct)));
        if (resource is IResourceWithParent child)
        {
            await _notifications.WaitForResourceHealthyAsync(child.Parent.Name, ct);
        }
        await instance.StartAsync(ct);
        await _notifications.WaitForResourceAsync(instance.Id, e => e.Snapshot switch
        {
            { HealthStatus: HealthStatus.Healthy } => true,
            // A job that ended well has done what it was started for; a service has not.
            { ExitCode: { } code } => code == 0 && !instance.IsService
                ? true : throw new DistributedApplicationException(instance.DescribeFailure()),
            _ => false,
        }, ct);
    }

    private async Task WaitForAsync(WaitAnnotation wait, CancellationToken ct)
    {
        if (wait.WaitType == WaitType.WaitUntilHealthy)
        {
            await _notifications.WaitForResourceHealthyAsync(wait.Resource.Name, ct);
            return;
        }
        await _notifications.WaitForResourceAsync(wait.Resource.Name, e =>
        {
            if (!KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text ?? ""))
            {
                return false;
            }
            return e.Snapshot.ExitCode == wait.ExitCode
                ? true
                : throw new DistributedApplicationException(
                    _notifications.DescribeFailure(e.ResourceId));
        }, ct);
    }

    // Who waits for nobody has depth 0. A cycle of waits could never start; the bound merely
    // keeps this from following it for ever.
    private int Depth(IResource resource, int guard)
    {
        var needs = resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource)
            .Concat(resource is IResourceWithParent child ? [child.Parent] : []).ToList();
        return needs.Count == 0 || guard > _resources.Count
            ? 0 : 1 + needs.Max(n => Depth(n, guard + 1));
    }

    private string ExternalUrls()
    {
        var urls = _resources.OfType<IResourceWithEndpoints>().SelectMany(r => r.Annotations
            .OfType<EndpointAnnotation>().Where(e => e.IsExternal)
            .Select(e => $"{r.Name}: {new EndpointReference(r, e.Name).Url}"));
        return string.Join("  ", urls);
    }
}

using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's own entry point inside a test and stops it at Build(), so that the
/// test can change the description and drive the application.</summary>
internal sealed class EntryPointHook(Type entryPoint, string[] args)
{
    private const TaskCreationOptions _async = TaskCreationOptions.RunContinuationsAsynchronously;

    private static readonly AsyncLocal<EntryPointHook?> _current = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _ready = new(_async);
    private readonly TaskCompletionSource<bool> _mayBuild = new(_async);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(_async);
    private readonly TaskCompletionSource<bool> _ended = new(_async);

    /// <summary>The hook of the entry point that runs on this flow; null outside tests.</summary>
    public static EntryPointHook? Current => _current.Value;

    public Assembly AppHost { get; } = entryPoint.Assembly;

    public Task Ended => _ended.Task;

    // The test's arguments come last: they win.
    public string[] Arguments(string[] fromEntryPoint) => fromEntryPoint.Length > 0
        ? fromEntryPoint : args;

    public async Task<DistributedApplicationBuilder> RunToBuildAsync(CancellationToken ct)
    {
        var main = AppHost.EntryPoint ?? throw new InvalidOperationException(
            $"Assembly {AppHost.GetName().Name} has no entry point.");
        new Thread(() => Run(main)) { IsBackground = true, Name = "AppHost entry point" }.Start();
        return await _ready.Task.WaitAsync(ct);
    }

    public async Task<DistributedApplication> LetBuildAsync(CancellationToken ct)
    {
        _mayBuild.TrySetResult(true);
        return await _built.Task.WaitAsync(ct);
    }

    public void ReachedBuild(DistributedApplicationBuilder builder)
    {
        _ready.TrySetResult(builder);
        if (!_mayBuild.Task.GetAwaiter().GetResult())
        {
            throw new OperationCanceledException("The test ended before Build() could go on.");
        }
    }

    public void Built(DistributedApplication app) => _built.TrySetResult(app);

    public void End()
    {
        _mayBuild.TrySetResult(false);
        _ended.TrySetResult(true);
    }

    private void Run(MethodInfo main)
    {
        _current.Value = this;
        try
        {
            object?[] arguments = main.GetParameters().Length == 0 ? [] : [args];
            if (main.Invoke(null, arguments) is Task task)
            {
                task.GetAwaiter().GetResult();
            }
            Fail(new InvalidOperationException("The entry point ended without Build()."));
        }
        catch (TargetInvocationException failure)
        {
            Fail(failure.InnerException ?? failure);
        }
    }

    private void Fail(Exception failure)
    {
        _ready.TrySetException(failure);
        _built.TrySetException(failure);
    }
}

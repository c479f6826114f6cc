namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names of the commands that resources know.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts a resource that does not run.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Ends a resource and waits until it has ended.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Stop, then start.</summary>
    public static readonly string RestartCommand = "restart";
}

/// <summary>What became of a command.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it was done.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was cancelled.</summary>
    public bool Canceled { get; init; }

    /// <summary>Why it was not done.</summary>
    public string? Message { get; init; }
}

/// <summary>Runs commands on resources.</summary>
public sealed class ResourceCommandService
{
    // SIGKILL, SIGSTOP and SIGCONT, for tests of crashes. Aspire has no such commands: it answers
    // "not available".
    internal const string KillCommand = "kill";
    internal const string PauseCommand = "pause";
    internal const string ResumeCommand = "resume";

    private readonly Engine.Orchestrator _orchestrator;

    internal ResourceCommandService(Engine.Orchestrator orchestrator) =>
        _orchestrator = orchestrator;

    /// <summary>Runs a command on one process.</summary>
    /// <param name="resourceId">A process's id (<c>orders-2</c>), or the name of a resource that
    /// has one process.</param>
    /// <param name="commandName">A <see cref="KnownResourceCommands"/>, or <c>kill</c>,
    /// <c>pause</c>, <c>resume</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var instance = _orchestrator.FindInstance(resourceId);
        return instance is null
            ? Task.FromResult(new ExecuteCommandResult
            {
                Success = false,
                Message = $"Resource '{resourceId}' not found.",
            })
            : ExecuteAsync(instance, commandName, cancellationToken);
    }

    /// <summary>Runs a command on every process of a resource.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var results = await Task.WhenAll(_orchestrator.InstancesOf(resource.Name)
            .Select(i => ExecuteAsync(i, commandName, cancellationToken)));
        return results.FirstOrDefault(r => !r.Success)
            ?? new ExecuteCommandResult { Success = results.Length > 0 };
    }

    private static async Task<ExecuteCommandResult> ExecuteAsync(
        Engine.Instance instance, string commandName, CancellationToken ct)
    {
        if (!instance.HasProcess
            || commandName is not ("start" or "stop" or "restart"
                or KillCommand or PauseCommand or ResumeCommand))
        {
            return new()
            {
                Success = false,
                Message = $"Command '{commandName}' not available for resource '{instance.Id}'.",
            };
        }
        try
        {
            await (commandName switch
            {
                "start" => instance.StartAsync(ct),
                "stop" => instance.StopAsync(ct),
                "restart" => instance.RestartAsync(ct),
                PauseCommand => instance.PauseAsync(true, ct),
                ResumeCommand => instance.PauseAsync(false, ct),
                _ => instance.KillAsync(ct),
            });
            return new() { Success = true };
        }
        catch (OperationCanceledException)
        {
            return new() { Success = false, Canceled = true };
        }
        catch (DistributedApplicationException failure)
        {
            return new() { Success = false, Message = failure.Message };
        }
    }
}

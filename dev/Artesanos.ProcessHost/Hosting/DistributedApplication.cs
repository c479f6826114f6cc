using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>The parts of an application, by name.</summary>
public sealed class DistributedApplicationModel(IEnumerable<IResource> resources)
{
    /// <summary>All parts, in the order in which AppHost.cs names them.</summary>
    public IReadOnlyList<IResource> Resources { get; } = [.. resources];
}

/// <summary>The application: a host whose start starts every part.</summary>
public sealed class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Orchestrator _orchestrator;
    private readonly EntryPointHook? _hook;
    private int _disposed;

    internal DistributedApplication(IHost host, Orchestrator orchestrator, EntryPointHook? hook)
    {
        _host = host;
        _orchestrator = orchestrator;
        _hook = hook;
        ResourceNotifications = host.Services.GetRequiredService<ResourceNotificationService>();
        ResourceCommands = host.Services.GetRequiredService<ResourceCommandService>();
    }

    /// <summary>Services of the AppHost itself.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>States of the parts.</summary>
    public ResourceNotificationService ResourceNotifications { get; }

    /// <summary>Starts, stops and restarts parts.</summary>
    public ResourceCommandService ResourceCommands { get; }

    /// <summary>Begins the description of an application.</summary>
    /// <param name="args">Command line; each <c>--key=value</c> becomes configuration.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return new DistributedApplicationBuilder(args);
    }

    /// <inheritdoc cref="CreateBuilder(string[])"/>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Starts every part and returns when all are healthy.</summary>
    /// <exception cref="DistributedApplicationException">A part did not start; all that had
    /// started has been stopped again.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        _host.StartAsync(cancellationToken);

    /// <summary>Stops every part.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        _host.StopAsync(cancellationToken);

    /// <summary>Runs until Ctrl-C or SIGTERM.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <inheritdoc cref="Run"/>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_hook is not null)
        {
            // A test drives the application; the entry point merely waits for its end.
            await _hook.Ended;
            return;
        }
        // A closed terminal ends the AppHost as Ctrl-C does.
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        });
        await using (this)
        {
            try
            {
                await StartAsync(cancellationToken);
                await _host.WaitForShutdownAsync(cancellationToken);
            }
            catch (DistributedApplicationException failure)
            {
                _orchestrator.Console.WriteError(failure.Message);
                Environment.ExitCode = 1;
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C while starting: the orchestrator has stopped what ran.
                _orchestrator.Console.Write("Stopped while starting.");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        await _orchestrator.DisposeAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _hook?.End();
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}

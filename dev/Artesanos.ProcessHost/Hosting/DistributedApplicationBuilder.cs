using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    // Longer than the grace of every resource on the longest chain of dependencies.
    private static readonly TimeSpan _shutdownTimeout = TimeSpan.FromMinutes(2);

    private readonly HostApplicationBuilder _host;
    private readonly EntryPointHook? _hook;
    private readonly Assembly _appHost;
    private readonly string[] _args;

    public DistributedApplicationBuilder(string[] args)
    {
        _hook = EntryPointHook.Current;
        _appHost = _hook?.AppHost ?? Assembly.GetEntryAssembly()!;
        _args = _hook?.Arguments(args) ?? args;

        var projectPath = Metadata("AppHostProjectPath");
        AppHostDirectory = Path.GetDirectoryName(projectPath) is { } directory
            && Directory.Exists(directory) ? directory : Directory.GetCurrentDirectory();

        _host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            // A bare switch means true.
            Args = [.. _args.Select(
                a => a is "--no-download" or "--nats-cluster" ? a + "=true" : a)],
            ContentRootPath = AppHostDirectory,
            ApplicationName = _appHost.GetName().Name,
            EnvironmentName = _hook is null ? null : Environments.Development,
        });
        // What the engine has to say goes to its own console lines; the host's logger would
        // repeat it.
        _host.Logging.ClearProviders();
    }

    public ConfigurationManager Configuration => _host.Configuration;
    public string AppHostDirectory { get; }
    public IHostEnvironment Environment => _host.Environment;
    public IServiceCollection Services => _host.Services;
    public DistributedApplicationExecutionContext ExecutionContext { get; } =
        new(DistributedApplicationOperation.Run);
    public IList<IResource> Resources { get; } = [];

    internal string BuildConfiguration =>
        _appHost.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (Resources.Any(
            r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException(
                $"There is already a resource named '{resource.Name}'.");
        }
        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource =>
        new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _hook?.ReachedBuild(this);

        var isTest = _hook is not null;
        var options = new EngineOptions(Configuration)
        {
            AppHostName = _appHost.GetName().Name ?? "apphost",
            AppHostDirectory = AppHostDirectory,
            BuildConfiguration = BuildConfiguration,
            RandomizePorts = isTest || Configuration.GetValue<bool>("DcpPublisher:RandomizePorts"),
            WritesToConsole = !isTest && Configuration["Console"] != "off",
            DashboardProject = Metadata("DashboardProjectPath"),
        };
        var notifications = new ResourceNotificationService();
        var orchestrator = new Orchestrator(
            [.. Resources], ExecutionContext, options, notifications);

        Services.AddSingleton(notifications);
        Services.AddSingleton(new ResourceCommandService(orchestrator));
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton<IHostedService>(orchestrator);
        Services.Configure<HostOptions>(o => o.ShutdownTimeout = _shutdownTimeout);
        if (isTest)
        {
            // A test runner owns Ctrl-C; it disposes the application.
            Services.AddSingleton<IHostLifetime, NoSignals>();
        }
        else
        {
            Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        }
        var app = new DistributedApplication(_host.Build(), orchestrator, _hook);
        _hook?.Built(app);
        return app;
    }

    private string? Metadata(string key) =>
        _appHost.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == key)?.Value;

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

internal sealed class ResourceBuilder<T>(IDistributedApplicationBuilder application, T resource)
    : IResourceBuilder<T> where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder { get; } = application;
    public T Resource { get; } = resource;

    public IResourceBuilder<T> WithAnnotation<TAnnotation>(
        TAnnotation annotation, ResourceAnnotationMutationBehavior behavior)
        where TAnnotation : IResourceAnnotation
    {
        if (behavior == ResourceAnnotationMutationBehavior.Replace)
        {
            foreach (var old in Resource.Annotations.OfType<TAnnotation>().ToList())
            {
                Resource.Annotations.Remove(old);
            }
        }
        Resource.Annotations.Add(annotation);
        return this;
    }
}

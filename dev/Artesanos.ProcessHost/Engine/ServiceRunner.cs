using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Engine;

/// <summary>A process with environment, endpoints and HTTP health checks.</summary>
internal abstract class ServiceRunner(IResource resource, RunContext context)
    : ResourceRunner(resource)
{
    // Aspire's default for a health check's request.
    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    protected RunContext Context { get; } = context;

    public override async Task<string?> ProbeAsync(Instance instance, CancellationToken ct)
    {
        foreach (var check in Resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            var endpoint = Endpoint(check.EndpointName);
            var url = $"{endpoint.UrlAt(endpoint.Ports[instance.Index])}{check.Path}";
            try
            {
                using var answer = await _http.GetAsync(new Uri(url), ct);
                if ((int)answer.StatusCode != check.StatusCode)
                {
                    return $"{url} answered {(int)answer.StatusCode}";
                }
            }
            catch (HttpRequestException failure)
            {
                return $"{url}: {failure.Message}";
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return $"{url} did not answer within {_http.Timeout.TotalSeconds} s";
            }
        }
        return null;
    }

    protected async Task<Dictionary<string, string>> EnvironmentAsync(
        Instance instance, CancellationToken ct)
    {
        var variables = new Dictionary<string, object>();
        AddDefaults(instance, variables);
        var callbacks = new EnvironmentCallbackContext(Context.Execution, Resource, variables, ct);
        foreach (var annotation in Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(callbacks);
        }
        var environment = new Dictionary<string, string>();
        foreach (var (name, value) in variables)
        {
            environment[name] = value is IValueProvider provider
                ? await provider.GetValueAsync(ct) ?? ""
                : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
        return environment;
    }

    protected virtual void AddDefaults(Instance instance, Dictionary<string, object> variables)
    {
        variables["OTEL_SERVICE_NAME"] = Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Id}";
        Context.Dashboard?.AddTelemetryTarget(variables);
        foreach (var endpoint in Resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.PortVariable is { } name)
            {
                variables[name] = endpoint.AllocatedPorts[instance.Index];
            }
        }
    }

    protected async Task<List<string>> ArgumentsAsync(CancellationToken ct)
    {
        var arguments = new List<string>();
        foreach (var value in Resource.Annotations.OfType<ArgumentsAnnotation>()
            .SelectMany(a => a.Arguments))
        {
            arguments.Add(value is IValueProvider provider
                ? await provider.GetValueAsync(ct) ?? ""
                : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }
        return arguments;
    }

    private EndpointReference Endpoint(string? name) => new((IResourceWithEndpoints)Resource, name
        ?? Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault()?.Name ?? "http");
}

/// <summary>A project: <c>dotnet X.dll</c> in the project's folder.</summary>
internal sealed class ProjectRunner(ProjectResource resource, RunContext context)
    : ServiceRunner(resource, context)
{
    private ProjectMetadataAnnotation Project { get; } =
        resource.Annotations.OfType<ProjectMetadataAnnotation>().Single();

    private string ProjectFolder => Path.GetDirectoryName(Project.Project.ProjectPath)!;

    public override Task PrepareAsync(CancellationToken ct)
    {
        _ = Assembly();
        return Task.CompletedTask;
    }

    public override async Task<ProcessSpec> DescribeAsync(
        Instance instance, CancellationToken ct) =>
        new(BuiltProject.DotNet, [Assembly(), .. await ArgumentsAsync(ct)])
        {
            WorkingDirectory = ProjectFolder,
            Environment = await EnvironmentAsync(instance, ct),
        };

    protected override void AddDefaults(Instance instance, Dictionary<string, object> variables)
    {
        var profile = Project.Profile?.Environment ?? new Dictionary<string, string>();
        foreach (var (name, value) in profile)
        {
            variables[name] = value;
        }
        var urls = Resource.Annotations.OfType<EndpointAnnotation>()
            .Where(e => e.UriScheme is "http" or "https" && e.PortVariable is null)
            .Select(e => new EndpointReference((IResourceWithEndpoints)Resource, e.Name))
            .Select(e => e.UrlAt(e.Ports[instance.Index]));
        variables["ASPNETCORE_URLS"] = string.Join(';', urls);
        base.AddDefaults(instance, variables);
    }

    private string Assembly() => BuiltProject.Assembly(
        Resource.Name, Project.Project.ProjectPath, Context.Options.BuildConfiguration);
}

/// <summary>Any program.</summary>
internal sealed class ExecutableRunner(ExecutableResource resource, RunContext context)
    : ServiceRunner(resource, context)
{
    public override async Task<ProcessSpec> DescribeAsync(
        Instance instance, CancellationToken ct) =>
        new(resource.Command, await ArgumentsAsync(ct))
        {
            WorkingDirectory = resource.WorkingDirectory,
            Environment = await EnvironmentAsync(instance, ct),
        };
}

using System.Text.Json.Serialization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Dashboard;

/// <summary>A process, or what lives inside one, as the dashboard shows it. The dashboard has the
/// same record; fields are only ever added.</summary>
internal sealed record ResourceView
{
    /// <summary>The resource's name, with a number where it has replicas.</summary>
    public required string Id { get; init; }
    public required string Resource { get; init; }
    public required int Replicas { get; init; }

    /// <summary>Project, PostgresServer, NatsServer…</summary>
    public required string Type { get; init; }
    public required string State { get; init; }

    /// <summary>Healthy, Unhealthy or Degraded; null while it does not run.</summary>
    public string? Health { get; init; }

    /// <summary>Why it is not healthy.</summary>
    public string? Reason { get; init; }
    public bool IsPaused { get; init; }
    public int? ProcessId { get; init; }
    public int? ExitCode { get; init; }
    public DateTime? StartedAt { get; init; }
    public DateTime? StoppedAt { get; init; }
    public required bool HasProcess { get; init; }
    public required IReadOnlyDictionary<string, string> Endpoints { get; init; }

    /// <summary>What the engine sets, secrets masked.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public static ResourceView Of(Instance instance, SecretMask mask)
    {
        var resource = instance.Runner.Resource;
        var snapshot = instance.Snapshot;
        var runs = snapshot.State?.Text == KnownResourceStates.Running;
        return new()
        {
            Id = instance.Id,
            Resource = resource.Name,
            Replicas = PortAllocator.ReplicasOf(resource),
            Type = resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
            State = snapshot.State?.Text ?? KnownResourceStates.NotStarted,
            Health = snapshot.HealthStatus?.ToString(),
            Reason = instance.Complaint is { } why && (runs || snapshot.StopTimeStamp is not null)
                ? mask.Text(why) : null,
            IsPaused = instance.IsPaused,
            ProcessId = instance.ProcessId,
            ExitCode = snapshot.ExitCode,
            StartedAt = snapshot.StartTimeStamp,
            StoppedAt = snapshot.StopTimeStamp,
            HasProcess = instance.HasProcess,
            Endpoints = EndpointsOf(instance),
            Environment = instance.Environment
                .ToDictionary(v => v.Key, v => mask.Variable(v.Key, v.Value)),
        };
    }

    private static Dictionary<string, string> EndpointsOf(Instance instance) =>
        instance.Runner.Resource is not IResourceWithEndpoints owner ? [] : owner.Annotations
            .OfType<EndpointAnnotation>().Where(e => e.AllocatedPorts.Count > instance.Index)
            .ToDictionary(e => e.Name, e => new EndpointReference(owner, e.Name)
                .UrlAt(e.AllocatedPorts[instance.Index]));
}

/// <summary>A command that was not done.</summary>
internal sealed record CommandRefusal(string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ResourceView))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(CommandRefusal))]
internal sealed partial class ViewJson : JsonSerializerContext;

using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>
/// What <c>--nats-cluster</c> makes of the same AppHost.cs: three servers instead of one, a user
/// of its own for each service, and a provisioning run before each service, as in production.
/// </summary>
internal static class NatsClusterWiring
{
    private const string Provisioner = "provisioner";

    public static void ClusterIfAsked(IResourceBuilder<NatsServerResource> nats)
    {
        if (nats.ApplicationBuilder.Configuration.GetValue<bool>("nats-cluster"))
        {
            nats.WithAnnotation(new ReplicaAnnotation(NatsClusterAnnotation.Servers))
                .WithAnnotation(new NatsClusterAnnotation(nats.Resource.PrimaryEndpoint));
        }
    }

    /// <summary>Lets a service use the cluster as the user that has the service's name.</summary>
    public static void Connect(
        IResourceBuilder<ProjectResource> service, NatsServerResource nats)
    {
        if (nats.Cluster is not { } cluster)
        {
            return;
        }
        service.WithEnvironment(context =>
        {
            var variables = context.EnvironmentVariables;
            variables["Nats__NKeySeed"] = cluster.SeedOf(service.Resource.Name);
            variables["Nats__CaFile"] = cluster.CaFile;
            variables["Messaging__Declare"] = "false";
            variables["Messaging__StreamReplicas"] = NatsClusterAnnotation.Servers;
        });
        // What the service was told to wait for so far: its database, for one.
        var waits = service.Resource.Annotations.OfType<WaitAnnotation>().ToList();
        var provision = AddProvisioning(service.ApplicationBuilder, service.Resource, cluster)
            .WithAnnotation(new WaitAnnotation(nats, WaitType.WaitUntilHealthy));
        waits.ForEach(wait => provision.WithAnnotation(wait));
        // One after the other: two that create the same stream at once can both miss its answer.
        if (cluster.LastProvisioning is { } last)
        {
            provision.WaitForCompletion(last);
        }
        cluster.LastProvisioning = provision;
        service.WaitForCompletion(provision);
    }

    // The service's own program and settings, in a run of its own under another user.
    private static IResourceBuilder<ProjectResource> AddProvisioning(
        IDistributedApplicationBuilder application, ProjectResource service,
        NatsClusterAnnotation cluster) =>
        application.AddResource(new ProjectResource($"{service.Name}-provision"))
            .WithAnnotation(
                service.Annotations.OfType<ProjectMetadataAnnotation>().Single())
            .WithArgs("provision")
            .WithEnvironment(async context =>
            {
                foreach (var settings in
                    service.Annotations.OfType<EnvironmentCallbackAnnotation>())
                {
                    await settings.Callback(context);
                }
                var variables = context.EnvironmentVariables;
                variables["Nats__NKeySeed"] = cluster.SeedOf(Provisioner);
                variables["Nats__InboxPrefix"] = $"_INBOX_{Provisioner}";
            });
}

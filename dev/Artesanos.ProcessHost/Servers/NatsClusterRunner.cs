using Artesanos.NatsCluster;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Servers;

/// <summary>Three nats-servers on loopback, from the files that are deployed
/// (<c>deploy/nats</c>), with keys and certificates of their own.</summary>
internal sealed class NatsClusterRunner(
    NatsServerResource resource, NatsClusterAnnotation cluster, RunContext context)
    : ResourceRunner(resource)
{
    private const string Loopback = "127.0.0.1";

    private readonly List<ClusterServer> _servers = [];
    private NatsProgram? _program;
    private ServerFolder? _folder;

    public override async Task PrepareAsync(CancellationToken ct)
    {
        _folder = ServerFolder.Take(resource, password: null, context);
        _program = await NatsProgram.FindAsync(resource.Name, context, ct);
        if (!_program.KnowsSyncInterval)
        {
            throw new DistributedApplicationException(
                $"--nats-cluster needs nats-server 2.10 or newer, and {_program.Path} is "
                + $"{_program.Version}: set Servers__nats to a newer one.");
        }
        _servers.AddRange(resource.PrimaryEndpoint.Ports.Select((port, i) => new ClusterServer(
            $"{resource.Name}-{i + 1}", Loopback, Loopback, port,
            context.Ports.AllocateFree(), context.Ports.AllocateFree())));
        var folder = Path.Combine(_folder.FullPath, "cluster");
        cluster.Folder = new(Folders.Create(folder, Folders.Private));
        cluster.Folder.Write(_servers, context.Options.NatsSyncInterval);
        context.Options.PublishNatsFolder(folder);
        foreach (var server in _servers)
        {
            context.Console.Write($"{server.Name}: nats-server {_program.Version} on "
                + $"tls://{Loopback}:{server.ClientPort}, monitoring on {MonitoringOf(server)}");
        }
        context.Console.Write($"{resource.Name}: keys and data in {folder}");
    }

    public override Task<ProcessSpec> DescribeAsync(Instance instance, CancellationToken ct)
    {
        var server = _servers[instance.Index];
        context.Ports.Release(server.RoutePort);
        context.Ports.Release(server.MonitoringPort);
        return Task.FromResult(new ProcessSpec(_program!.Path, ["-c", "nats-server.conf"])
        {
            WorkingDirectory = cluster.Folder.ServerFolder(server.Name),
        });
    }

    public override Task<string?> ProbeAsync(Instance instance, CancellationToken ct) =>
        NatsRunner.ProbeAsync(MonitoringOf(_servers[instance.Index]), ct);

    protected override void Dispose(bool disposing)
    {
        _folder?.Dispose();
        base.Dispose(disposing);
    }

    private static string MonitoringOf(ClusterServer server) =>
        $"http://{Loopback}:{server.MonitoringPort}";
}

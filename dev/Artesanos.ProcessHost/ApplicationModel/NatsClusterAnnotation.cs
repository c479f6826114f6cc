using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// A NATS resource that is a cluster (<c>--nats-cluster</c>): encrypted, one user per service.
/// </summary>
internal sealed class NatsClusterAnnotation(EndpointReference endpoint) : IResourceAnnotation
{
    public const int Servers = 3;

    private Artesanos.NatsCluster.ClusterFolder? _folder;

    /// <summary>Keys and certificates, once they are made.</summary>
    public Artesanos.NatsCluster.ClusterFolder Folder
    {
        get => _folder ?? throw new InvalidOperationException(
            "The cluster's keys are known once the application starts.");
        set => _folder = value;
    }

    /// <summary>Null before there is one.</summary>
    public IResourceBuilder<ProjectResource>? LastProvisioning { get; set; }

    /// <summary>Every server, as a connection string.</summary>
    public Text Addresses { get; } = new Text(() => string.Join(',',
        endpoint.Ports.Select(port =>
            string.Create(CultureInfo.InvariantCulture, $"tls://127.0.0.1:{port}"))));

    public Text CaFile => new Text(() => Folder.CaFile);

    public Text SeedOf(string user) =>
        new Text(() => File.ReadAllText(Folder.SeedFile(user)).Trim());

    internal sealed class Text(Func<string> read) : IValueProvider, IManifestExpressionProvider
    {
        public string ValueExpression => "{nats-cluster}";

        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            new(read());
    }
}

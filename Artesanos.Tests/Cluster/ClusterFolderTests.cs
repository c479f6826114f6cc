using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Artesanos.NatsCluster;
using Xunit;

namespace Artesanos.Tests.Cluster;

/// <summary>Keys and certificates of a cluster, made once and then renewed.</summary>
public sealed class ClusterFolderTests : IDisposable
{
    private static readonly ClusterServer[] Servers =
        [ClusterServer.Parse("nats-1=nats-1.example"), ClusterServer.Parse("nats-2=10.0.0.2")];

    private readonly string _path = Directory.CreateTempSubdirectory("artesanos-keys-").FullName;

    private string ServerFile(params string[] parts) =>
        Path.Combine([_path, "servers", "nats-1", .. parts]);

    [Fact]
    public void A_second_run_keeps_seeds_and_authority_and_renews_certificates()
    {
        var folder = Written();
        var (seed, ca) = (Read(folder.SeedFile("orders")), Read(folder.CaFile));
        var certificate = Read(ServerFile("tls", "server.pem"));

        folder.Write(Servers, "always");

        Assert.Equal(seed, Read(folder.SeedFile("orders")));
        Assert.Equal(ca, Read(folder.CaFile));
        Assert.NotEqual(certificate, Read(ServerFile("tls", "server.pem")));
    }

    [Fact]
    public void A_deleted_seed_is_rotated_and_the_others_stay()
    {
        var folder = Written();
        var before = Read(ServerFile("this-server.conf")).Split('\n');

        File.Delete(folder.SeedFile("orders"));
        folder.Write(Servers, "always");

        var changed = Read(ServerFile("this-server.conf")).Split('\n').Except(before);
        Assert.StartsWith("ORDERS: \"U", Assert.Single(changed), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_is_for_its_servers_host_and_of_this_authority_only()
    {
        var folder = Written();
        using var certificate = X509Certificate2.CreateFromPem(
            Read(ServerFile("tls", "server.pem")));
        using var ca = X509Certificate2.CreateFromPem(Read(folder.CaFile));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        Assert.True(chain.Build(certificate));
        Assert.True(certificate.MatchesHostname("nats-1.example"));
        Assert.False(certificate.MatchesHostname("nats-2.example"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Private_keys_are_their_owners_alone_and_in_no_configuration()
    {
        var folder = Written();
        string[] secret =
        [
            folder.SeedFile("orders"), Path.Combine(_path, "ca.key"),
            ServerFile("tls", "server.key"),
        ];

        Assert.All(secret, file => Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.All(Directory.GetFiles(_path, "*.conf", SearchOption.AllDirectories), file =>
            Assert.DoesNotContain(
                Read(folder.SeedFile("orders")).Trim(), Read(file), StringComparison.Ordinal));
        Assert.False(File.Exists(ServerFile("tls", "ca.key")));
    }

    [Theory]
    [InlineData("nats-1")]
    [InlineData("=host")]
    [InlineData("nats 1=host")]
    [InlineData("nats-1=not a host")]
    [InlineData("nats-1=a=b")]
    public void A_server_that_is_none_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ClusterServer.Parse(text));

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private ClusterFolder Written()
    {
        var folder = new ClusterFolder(_path);
        folder.Write(Servers, "always");
        return folder;
    }

    private static string Read(string path) => File.ReadAllText(path);
}

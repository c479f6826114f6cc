using NATS.NKeys;

namespace Artesanos.NatsCluster;

/// <summary>
/// Everything a cluster needs, in one folder: the authority, one seed per user, and per server a
/// folder that goes to its machine. What is there stays, except the servers' folders, which are
/// written anew with fresh certificates; so a deleted seed is a rotated one.
/// </summary>
internal sealed class ClusterFolder(string path)
{
    /// <summary>The users of <c>nats-server.conf</c>.</summary>
    public static readonly string[] Users =
        ["orders", "payments", "inventory", "provisioner", "observer", "system"];

    public string CaFile => Path.Combine(path, "ca.pem");

    public string SeedFile(string user) => Path.Combine(path, "users", user + ".seed");

    public string ServerFolder(string server) => Path.Combine(path, "servers", server);

    /// <param name="syncInterval">nats-server's <c>sync_interval</c>.</param>
    public void Write(IReadOnlyList<ClusterServer> servers, string syncInterval)
    {
        Directory.CreateDirectory(Path.Combine(path, "users"));
        var keys = Users.ToDictionary(user => user, PublicKey);
        using var authority = Authority.OpenOrCreate(CaFile, Path.Combine(path, "ca.key"));
        foreach (var server in servers)
        {
            var folder = ServerFolder(server.Name);
            var tls = Directory.CreateDirectory(Path.Combine(folder, "tls")).FullName;
            var (certificate, key) = authority.Issue(server.Name, [server.Host, "localhost"]);
            File.Copy(CaFile, Path.Combine(tls, "ca.pem"), overwrite: true);
            File.WriteAllText(Path.Combine(tls, "server.pem"), certificate);
            PrivateFile.Write(Path.Combine(tls, "server.key"), key);
            File.WriteAllText(Path.Combine(folder, "nats-server.conf"), SharedConfiguration());
            File.WriteAllText(Path.Combine(folder, "this-server.conf"),
                OwnConfiguration(server, servers, keys, syncInterval));
        }
    }

    private string PublicKey(string user)
    {
        var file = SeedFile(user);
        if (!File.Exists(file))
        {
            using var created = KeyPair.CreatePair(PrefixByte.User);
            PrivateFile.Write(file, created.GetSeed() + "\n");
        }
        using var pair = KeyPair.FromSeed(File.ReadAllText(file).Trim());
        return pair.GetPublicKey();
    }

    private static string SharedConfiguration()
    {
        using var reader = new StreamReader(
            typeof(ClusterFolder).Assembly.GetManifestResourceStream("nats-server.conf")!);
        return reader.ReadToEnd();
    }

    private static string OwnConfiguration(
        ClusterServer server, IReadOnlyList<ClusterServer> servers,
        Dictionary<string, string> keys, string syncInterval)
    {
        // A server that finds itself among its routes does not dial itself.
        var peers = string.Join(", ", servers.Select(peer => $"\"{peer.RouteUrl}\""));
        string[] lines =
        [
            "# Of this server only; nothing here is secret.",
            $"NAME: \"{server.Name}\"",
            $"CLIENTS: \"{server.Listen}:{server.ClientPort}\"",
            $"ROUTES: \"{server.Listen}:{server.RoutePort}\"",
            $"MONITORING: \"127.0.0.1:{server.MonitoringPort}\"",
            $"PEERS: [ {peers} ]",
            $"SYNC: \"{syncInterval}\"",
            .. keys.Select(key => $"{key.Key.ToUpperInvariant()}: \"{key.Value}\""),
        ];
        return string.Join('\n', lines) + "\n";
    }
}

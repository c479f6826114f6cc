using Artesanos.NatsCluster;

if (args is not [var folder, .. { Length: > 0 } names])
{
    Console.Error.WriteLine(
        """
        Makes the keys, certificates and configuration of a NATS cluster, or renews them:

          dotnet run --project deploy/nats -- FOLDER nats-1=HOST nats-2=HOST nats-3=HOST

        HOST is the name or address under which clients and the other servers reach it.
        FOLDER must be outside of any repository: it will hold private keys.
        """);
    return 2;
}
if (FindRepository(folder) is { } repository)
{
    Console.Error.WriteLine(
        $"{folder} lies in the repository {repository}, where private keys do not belong.");
    return 2;
}
try
{
    ClusterServer[] servers = [.. names.Select(ClusterServer.Parse)];
    new ClusterFolder(folder).Write(servers, "always");
    Console.WriteLine($"Written to {folder}: docs/nats.md says what goes where.");
    return 0;
}
catch (FormatException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}

static string? FindRepository(string folder)
{
    var at = new DirectoryInfo(Path.GetFullPath(folder));
    while (at is not null && !Path.Exists(Path.Combine(at.FullName, ".git")))
    {
        at = at.Parent;
    }
    return at?.FullName;
}

using System.Globalization;
using Aspire.Hosting.Testing;

namespace Artesanos.Tests.Observability;

/// <summary>What a service answers to Prometheus.</summary>
internal static class Scrape
{
    /// <summary>Resource, endpoint and path of everything that is scraped.</summary>
    public static IReadOnlyList<(string Resource, string Endpoint)> Targets { get; } =
        [("gateway", "metrics"), ("orders", "http"), ("payments", "http"), ("inventory", "http")];

    public static Uri AddressOf(Topology topology, string resource) =>
        topology.App.GetEndpoint(
            resource, Targets.Single(target => target.Resource == resource).Endpoint);

    public static async Task<string> ReadAsync(
        Topology topology, string resource, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = AddressOf(topology, resource) };
        return await http.GetStringAsync($"/{resource}/metrics", ct);
    }

    /// <summary>The names behind <c># TYPE</c>: one per metric, whatever its series.</summary>
    public static IEnumerable<string> FamiliesOf(string text) => text.Split('\n')
        .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[2]);
}

/// <summary>The samples of one answer.</summary>
internal sealed class Samples
{
    private readonly List<(string Series, double Value)> _values;

    public Samples(string text)
    {
        Families = [.. Scrape.FamiliesOf(text)];
        _values =
        [
            .. text.Split('\n')
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => line.Split("} "))
                .Where(parts => parts.Length == 2)
                .Select(parts => (parts[0] + "}", double.Parse(
                    parts[1].Split(' ')[0], CultureInfo.InvariantCulture))),
        ];
    }

    public IReadOnlyList<string> Families { get; }

    /// <summary>Name and labels of each.</summary>
    public IEnumerable<string> Series => _values.Select(sample => sample.Series);

    /// <summary>Sum of the series of this name that have all these labels.</summary>
    public double Sum(string name, params string[] labels) => _values
        .Where(sample => sample.Series.StartsWith(name + "{", StringComparison.Ordinal)
            && labels.All(label => sample.Series.Contains(label, StringComparison.Ordinal)))
        .Sum(sample => sample.Value);
}

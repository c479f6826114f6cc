namespace Aspire.Hosting.Servers;

/// <summary>One line or stanza of the machine's own package sources.</summary>
internal sealed record AptSource(
    string Uri, IReadOnlyList<string> Suites, IReadOnlyList<string> Components, string? SignedBy)
{
    /// <summary>As a line of a sources.list.</summary>
    public string Line(string suite)
    {
        var options = SignedBy is null ? "" : $"[signed-by={SignedBy}] ";
        return $"deb {options}{Uri} {suite} {string.Join(' ', Components)}";
    }
}

/// <summary>Reads the machine's package sources, in both of their formats.</summary>
internal static class AptSources
{
    public static IReadOnlyList<AptSource> ReadAll(string folder = "/etc/apt")
    {
        var parts = Path.Combine(folder, "sources.list.d");
        string[] files = [Path.Combine(folder, "sources.list"),
            .. Directory.Exists(parts) ? Directory.GetFiles(parts) : []];
        var sources = new List<AptSource>();
        foreach (var file in files.Where(File.Exists))
        {
            if (file.EndsWith(".list", StringComparison.Ordinal))
            {
                sources.AddRange(ParseLines(File.ReadAllText(file)));
            }
            else if (file.EndsWith(".sources", StringComparison.Ordinal))
            {
                sources.AddRange(ParseStanzas(File.ReadAllText(file)));
            }
        }
        return sources;
    }

    /// <summary><c>deb [signed-by=…] URI SUITE COMPONENT…</c></summary>
    public static IEnumerable<AptSource> ParseLines(string text)
    {
        foreach (var line in text.Split('\n').Select(l => l.Split('#')[0].Trim()))
        {
            if (!line.StartsWith("deb ", StringComparison.Ordinal)
                && !line.StartsWith("deb\t", StringComparison.Ordinal))
            {
                continue;
            }
            var rest = line[4..].Trim();
            string? key = null;
            var end = rest.IndexOf(']', StringComparison.Ordinal);
            if (rest.StartsWith('[') && end > 0)
            {
                const string option = "signed-by=";
                key = Words(rest[1..end])
                    .FirstOrDefault(o => o.StartsWith(option, StringComparison.OrdinalIgnoreCase))
                    ?[option.Length..];
                rest = rest[(end + 1)..];
            }
            if (Words(rest) is [var uri, var suite, .. var components])
            {
                yield return new(uri.TrimEnd('/'), [suite], components, key);
            }
        }
    }

    /// <summary>deb822: stanzas of <c>Key: value</c>, continued on indented lines.</summary>
    public static IEnumerable<AptSource> ParseStanzas(string text)
    {
        foreach (var stanza in text.Replace("\r", "", StringComparison.Ordinal).Split("\n\n"))
        {
            var fields = Fields(stanza);
            string Field(string name) => fields.GetValueOrDefault(name, "");
            var isOff = Field("Enabled").Trim() is "no" or "false";
            if (isOff || !Words(Field("Types")).Contains("deb"))
            {
                continue;
            }
            // A key may stand in the stanza itself; then the distribution's keyring must do.
            var key = Field("Signed-By").Trim() is ['/', ..] path ? path : null;
            foreach (var uri in Words(Field("URIs")))
            {
                yield return new(uri.TrimEnd('/'), Words(Field("Suites")),
                    Words(Field("Components")), key);
            }
        }
    }

    private static Dictionary<string, string> Fields(string stanza)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var name = "";
        foreach (var line in stanza.Split('\n').Where(l => !l.StartsWith('#')))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Length > 0 && !char.IsWhiteSpace(line[0]) && colon > 0)
            {
                name = line[..colon];
                fields[name] = line[(colon + 1)..];
            }
            else if (name.Length > 0)
            {
                fields[name] += "\n" + line;
            }
        }
        return fields;
    }

    private static string[] Words(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}

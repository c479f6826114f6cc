using System.Text.Json;

namespace Aspire.Hosting;

/// <summary>What launchSettings.json says about running a project.</summary>
internal sealed record LaunchProfile(
    IReadOnlyList<Uri> Urls, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly JsonDocumentOptions _json = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The first profile that starts the project itself; null without one.</summary>
    public static LaunchProfile? Read(string projectPath, string? name = null)
    {
        var path = Path.Combine(
            Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(path))
        {
            return null;
        }
        using var document = JsonDocument.Parse(File.ReadAllText(path), _json);
        if (!document.RootElement.TryGetProperty("profiles", out var profiles))
        {
            return null;
        }
        foreach (var profile in profiles.EnumerateObject())
        {
            var startsProject = Text(profile.Value, "commandName") == "Project";
            if (name is null ? startsProject : profile.NameEquals(name))
            {
                return Parse(profile.Value);
            }
        }
        return null;
    }

    private static LaunchProfile Parse(JsonElement profile)
    {
        var urls = (Text(profile, "applicationUrl") ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(u => new Uri(u)).ToList();
        var environment = new Dictionary<string, string>();
        if (profile.TryGetProperty("environmentVariables", out var variables))
        {
            foreach (var variable in variables.EnumerateObject())
            {
                environment[variable.Name] = variable.Value.GetString() ?? "";
            }
        }
        return new(urls, environment);
    }

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) ? value.GetString() : null;
}

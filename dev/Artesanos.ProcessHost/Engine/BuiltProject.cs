using System.Runtime.InteropServices;

namespace Aspire.Hosting.Engine;

/// <summary>A project of this repository as it was built: <c>dotnet X.dll</c>.</summary>
internal static class BuiltProject
{
    /// <summary>The dotnet that runs the AppHost: it is there even when PATH has none.</summary>
    public static string DotNet { get; } = FindDotNet();

    /// <exception cref="DistributedApplicationException">It is not built.</exception>
    public static string Assembly(string resource, string projectPath, string configuration)
    {
        var folder = Path.GetDirectoryName(projectPath)!;
        var framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
        var path = Path.Combine(folder, "bin", configuration, framework,
            Path.GetFileNameWithoutExtension(projectPath) + ".dll");
        return File.Exists(path) ? path : throw new DistributedApplicationException(
            $"Resource '{resource}' is not built: there is no {path}. "
            + $"Build it: dotnet build -c {configuration} {folder}");
    }

    private static string FindDotNet()
    {
        var file = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var root = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var path = Path.Combine(root, file);
        return File.Exists(path) ? path : file;
    }
}

namespace Artesanos.AppHost;

/// <summary>A Prometheus that is installed; nothing is fetched for it.</summary>
internal static class PrometheusProgram
{
    /// <summary>Where the system keeps it, or null.</summary>
    public static string? Find()
    {
        var file = OperatingSystem.IsWindows() ? "prometheus.exe" : "prometheus";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append("/usr/bin")
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>A folder of the user's for what it has measured.</summary>
    public static string DataFolder => Directory.CreateDirectory(Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "artesanos", "prometheus")).FullName;
}

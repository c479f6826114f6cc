using System.Runtime.CompilerServices;

namespace Artesanos.Tests;

/// <summary>Files of the repository that are no code but are held to their word.</summary>
internal static class RepositoryFiles
{
    public static string At(params string[] path) => Path.Combine([Root(), .. path]);

    public static string Read(params string[] path) => File.ReadAllText(At(path));

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetDirectoryName(Path.GetDirectoryName(here))!;
}

namespace Artesanos.Tests;

/// <summary>Files of the repository that a test compares with the code.</summary>
internal static class Repository
{
    /// <summary>Folder of <c>Artesanos.sln</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string PathOf(params string[] path) => Path.Combine([Root, .. path]);

    public static string Read(params string[] path) => File.ReadAllText(PathOf(path));

    private static string Find(string folder)
    {
        while (!File.Exists(Path.Combine(folder, "Artesanos.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The tests run outside the repository.");
        }
        return folder;
    }
}

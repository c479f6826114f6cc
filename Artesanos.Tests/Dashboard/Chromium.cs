using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>The browser of the system, not one that Playwright fetches.</summary>
internal static class Chromium
{
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome"];

    public static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append("/usr/bin")
            .SelectMany(folder => Programs.Select(program => Path.Combine(folder, program)))
            .FirstOrDefault(File.Exists);

    /// <summary>Without it a developer's test is skipped, but nothing lands untested.</summary>
    public static void Require()
    {
        if (Find() is not null)
        {
            return;
        }
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") is "true",
            "There is no Chromium: install the package 'chromium'.");
        Assert.Fail("CI needs Chromium, of Debian's package 'chromium'.");
    }
}

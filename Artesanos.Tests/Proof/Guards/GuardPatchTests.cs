using System.Diagnostics;
using Xunit;

namespace Artesanos.Tests.Proof.Guards;

/// <summary>The patches of this folder fit the code as it is; <c>run</c> shows what they prove.</summary>
[Trait("Category", "Proof")]
public sealed class GuardPatchTests
{
    public static TheoryData<string> Patches() => [.. Directory
        .EnumerateFiles(Repository.PathOf("Artesanos.Tests", "Proof", "Guards"), "*.patch")
        .Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Patches))]
    public async Task A_guard_can_be_taken_away(string patch)
    {
        using var git = Process.Start(new ProcessStartInfo(
            "git", ["apply", "--check", $"Artesanos.Tests/Proof/Guards/{patch}"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardError = true,
        })!;
        var problem = await git.StandardError.ReadToEndAsync(
            TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(git.ExitCode == 0, problem);
    }
}

using System.Text.RegularExpressions;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary>Every link between the documents leads to a file, and to a section that it has.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !Built().IsMatch(path))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        foreach (Match link in Link().Matches(Repository.Read(page)))
        {
            var (file, section) = (link.Groups["file"].Value, link.Groups["section"].Value);
            var target = file.Length == 0 ? Repository.PathOf(page) : Path.Combine(folder, file);
            Assert.True(Path.Exists(target), $"{page}: {link.Value}: there is no {file}.");
            Assert.True(section.Length == 0 || Sections(target).Contains(section),
                $"{page}: {link.Value}: {file} has no such section.");
        }
    }

    [Fact]
    public void Every_page_can_be_reached_from_the_README()
    {
        var seen = new HashSet<string> { "README.md" };
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out var page))
        {
            var folder = Path.GetDirectoryName(page)!;
            foreach (var file in Link().Matches(Repository.Read(page))
                .Select(link => Path.GetRelativePath(
                    Repository.Root, Repository.PathOf(folder, link.Groups["file"].Value)))
                .Where(file => file.EndsWith(".md", StringComparison.Ordinal) && seen.Add(file)))
            {
                open.Enqueue(file);
            }
        }
        // A folder is linked as a whole.
        var lost = Pages.Select(page => page.Data).Except(seen)
            .Where(page => !page.StartsWith("docs/decisions/", StringComparison.Ordinal))
            .ToList();
        Assert.Empty(lost);
    }

    /// <summary>As GitHub names them.</summary>
    private static HashSet<string> Sections(string path) =>
    [
        .. File.ReadLines(path).Where(line => line.StartsWith('#'))
            .Select(line => NotInNames().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "")
                .Replace(' ', '-')),
    ];

    [GeneratedRegex("(^|/)(bin|obj|node_modules|TestResults)/|^\\.")]
    private static partial Regex Built();

    [GeneratedRegex(@"\]\((?![a-z]+:)(?<file>[^)#\s]*)(#(?<section>[^)\s]+))?\)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N}\- _]")]
    private static partial Regex NotInNames();
}

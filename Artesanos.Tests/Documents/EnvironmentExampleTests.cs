using System.Text.RegularExpressions;
using Artesanos.Tests.Deployment;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary><c>.env.example</c> has every variable of every service, and no other.</summary>
public sealed partial class EnvironmentExampleTests
{
    [Fact]
    public void The_example_has_every_variable_and_no_other()
    {
        var wanted = Variable.All.Select(variable => variable.Name);

        var shown = Repository.Read(".env.example").Split('\n')
            .Select(line => Line().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups["name"].Value).ToList();

        Assert.Equal(wanted.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("^#(?<name>[A-Za-z]\\w*(?:[-\\w]*))=", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}

using System.Text.RegularExpressions;
using Artesanos.Gateway.DevelopmentTokens;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary>
/// <c>.env.example</c> and <c>compose.dev.yaml</c> say the same: what may be set reaches its
/// service and no other, and what must be set is set, for development only.
/// </summary>
public sealed partial class ContainerVariablesTests
{
    /// <summary>Addresses, roles and names, which compose.dev.yaml itself decides.</summary>
    private static readonly string[] DecidedByCompose =
    [
        "ASPNETCORE_URLS", "Metrics__Port", "OTEL_SERVICE_NAME",
        "ConnectionStrings__", "Database__Migrate", "Database__ServiceRole",
        "Messaging__Declare", "Nats__", "services__",
    ];

    private static readonly string Compose = Repository.Read("compose.dev.yaml");

    [Theory]
    [InlineData("every-service", "Every service")]
    [InlineData("messaging", "Orders, Payments, Inventory")]
    [InlineData("orders", "Orders")]
    [InlineData("payments", "Payments")]
    [InlineData("inventory", "Inventory")]
    [InlineData("gateway", "Gateway")]
    public void A_container_gets_every_variable_of_its_service_and_no_other(
        string container, string section)
    {
        var wanted = Section(section).Where(line => line.StartsWith('#'))
            .Select(line => Variable().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups["name"].Value)
            .Where(name => !DecidedByCompose.Any(name.StartsWith));

        Assert.Equal(wanted, Passed(container));
    }

    [Fact]
    public void Compose_starts_with_the_example_and_asks_for_nothing_else()
    {
        var given = DevelopmentValues().Keys.ToHashSet();
        var asked = Asked().Matches(Compose).Select(match => match.Groups["name"].Value).ToHashSet();
        var passed = new[] { "every-service", "messaging", "orders", "payments", "inventory",
            "gateway" }.SelectMany(Passed);

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(given));
        Assert.Empty(given.Except(asked).Except(passed));
    }

    [Fact]
    public void No_secret_stands_in_the_files_of_compose()
    {
        foreach (var value in DevelopmentValues().Where(pair => pair.Key.Contains("PASSWORD")
            || pair.Key.Contains("Key") || pair.Key.Contains("Secret")).Select(pair => pair.Value))
        {
            Assert.DoesNotContain(value, Compose, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keys_of_the_example_work_in_development_and_stop_a_production_host()
    {
        var values = DevelopmentValues();
        var auth = new AuthOptions { PublicKey = values["Auth__PublicKey"] };
        var signing = new SigningKeyOptions { SigningKey = values["Auth__SigningKey"] };

        Assert.Equal((true, true), Accepted("Development"));
        Assert.Equal((false, false), Accepted("Production"));

        (bool Public, bool Private) Accepted(string name)
        {
            var environment = new HostingEnvironment { EnvironmentName = name };
            return (
                new AuthOptionsCheck(environment).Validate(null, auth).Succeeded,
                new SigningKeyCheck(environment, Options.Create(auth))
                    .Validate(null, signing).Succeeded);
        }
    }

    private static Dictionary<string, string> DevelopmentValues() =>
        Section("compose.dev.yaml").Where(line => !line.StartsWith('#') && line.Contains('='))
            .ToDictionary(line => line.Split('=', 2)[0], line => line.Split('=', 2)[1]);

    /// <summary>The lines under one heading of the example.</summary>
    private static IEnumerable<string> Section(string heading) =>
        Repository.Read(".env.example").Split('\n')
            .SkipWhile(line => !line.StartsWith($"# --- {heading} --", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("# --- ", StringComparison.Ordinal));

    /// <summary>Names without a value: they take what <c>.env</c> says.</summary>
    private static IEnumerable<string> Passed(string container) =>
        Repository.Read("deploy", "compose", "variables.yaml").Split('\n')
            .SkipWhile(line => line != $"  {container}:").Skip(1)
            .TakeWhile(line => line.Length == 0 || line.StartsWith("    ", StringComparison.Ordinal))
            .Select(line => Name().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups["name"].Value);

    [GeneratedRegex("^#(?<name>[A-Za-z][-\\w]*)=", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex("^      (?<name>\\w+):$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex("\\$\\{(?<name>\\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Asked();
}

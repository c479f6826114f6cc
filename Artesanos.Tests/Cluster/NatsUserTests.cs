using NATS.Client.Core;
using Xunit;

namespace Artesanos.Tests.Cluster;

/// <summary>The table of docs/nats.md, asked of the real servers cell by cell.</summary>
[Collection("NATS cluster")]
[Trait("Category", "Integration")]
public sealed class NatsUserTests(NatsClusterTopology topology)
{
    private const string First = "| publish `";
    private const string Second = "| subscribe `";

    private static readonly string[] Users =
        ["orders", "payments", "inventory", "provisioner", "observer"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Operations => [.. Table().Select(row => row.Operation)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Each_user_may_do_what_the_table_says_and_nothing_else(string operation)
    {
        var wanted = Table().Single(row => row.Operation == operation).Allowed;
        var subject = operation.Split('`')[1];

        var allowed = new List<string>();
        foreach (var name in Users)
        {
            await using var user = await NatsUser.ConnectAsync(topology, name, Ct);
            if (await (operation.StartsWith("publish", StringComparison.Ordinal)
                ? user.MayPublishAsync(subject, Ct) : user.MaySubscribeAsync(subject, Ct)))
            {
                allowed.Add(name);
            }
        }

        Assert.Equal(wanted, allowed);
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_key_or_without_encryption()
    {
        await using var nobody = new NatsConnection(await topology.EncryptedAsync(Ct));
        await Assert.ThrowsAnyAsync<NatsException>(async () => await nobody.ConnectAsync());

        await using var naked = new NatsConnection((await topology.EncryptedAsync(Ct)) with
        {
            TlsOpts = NatsTlsOpts.Default with { Mode = TlsMode.Disable },
        });
        await Assert.ThrowsAnyAsync<NatsException>(async () => await naked.ConnectAsync());

        await using var credulous = new NatsConnection((await topology.EncryptedAsync(Ct)) with
        {
            TlsOpts = NatsTlsOpts.Default with { Mode = TlsMode.Require },
        });
        await Assert.ThrowsAnyAsync<NatsException>(async () => await credulous.ConnectAsync());
    }

    private static IEnumerable<(string Operation, string[] Allowed)> Table()
    {
        foreach (var line in Repository.Read("docs", "nats.md").Split('\n').Where(line =>
            line.StartsWith(First, StringComparison.Ordinal)
            || line.StartsWith(Second, StringComparison.Ordinal)))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries)[1..^1];
            yield return (cells[0],
                [.. Users.Where((_, i) => cells[^(Users.Length - i)] == "yes")]);
        }
    }
}

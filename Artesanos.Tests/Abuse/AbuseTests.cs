using Xunit;

namespace Artesanos.Tests.Abuse;

/// <summary>
/// Bad input from outside, through the gateway: each row gets its 4xx with its reason, and when
/// all are through, nothing was stored.
/// </summary>
[Trait("Category", "Abuse")]
public sealed class AbuseTests(AbusedShop shop) : IClassFixture<AbusedShop>
{
    private const int LeastRows = 200;

    private static readonly Dictionary<string, Attack> Attacks = new[]
        {
            OrderAttacks.All, BodyAttacks.All, AddressAttacks.All, ProductAttacks.All,
            HeaderAttacks.All, HeaderAttacks.Webhooks,
        }
        .SelectMany(attacks => attacks)
        .ToDictionary(attack => attack.Name);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names() => [.. Attacks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bad_input_is_refused_with_its_reason(string name)
    {
        var attack = Attacks[name];

        using var answer = await shop.SendAsync(attack, Ct);

        await AbusedShop.AssertProblemAsync(attack, answer, Ct);
    }

    [Fact]
    public async Task No_bad_input_is_stored_and_nothing_of_others_is_touched()
    {
        Assert.InRange(Attacks.Count, LeastRows, int.MaxValue);
        await Parallel.ForEachAsync(Attacks.Values, Ct, async (attack, ct) =>
        {
            using var answer = await shop.SendAsync(attack, ct);
            Assert.InRange((int)answer.StatusCode, 400, 499);
        });

        await shop.AssertNothingStoredAsync(Ct);
    }
}

using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>A search that finds nothing proves nothing until it has found something.</summary>
public sealed class SecretSearchTests
{
    [Theory]
    [InlineData("pi_3abc_secret_xyz")]
    [InlineData("whsec_0123456789abcdef")]
    [InlineData("Authorization: Bearer sk_test_simulator")]
    [InlineData("rk_live_abcdef")]
    [InlineData("https://bank.example/?client_secret=abc")]
    [InlineData("a secret that has no form")]
    [InlineData("the card 4242424242424242 was declined")]
    [InlineData("4242 4242 4242 4242")]
    [InlineData("378282246310005")]
    [InlineData("""{"card":{"last4":"4242"}}""")]
    public void The_search_finds_a_planted_secret(string planted) => Assert.NotEmpty(
        Finds($"before 0199-00 pi_3abc 1999 EUR {planted} pm_card_visa after"));

    [Fact]
    public void The_search_takes_no_id_and_no_time_for_a_card_number() => Assert.Empty(Finds(
        $"{Guid.CreateVersion7()} {Guid.CreateVersion7():N} evt_3abc 1732440000000000000"));

    private static IEnumerable<string> Finds(string text) =>
        SecretSearch.In(("somewhere", text), ["a secret that has no form"]);
}

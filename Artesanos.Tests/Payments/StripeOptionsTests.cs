using Artesanos.Payments.StripeApi;
using Xunit;

namespace Artesanos.Tests.Payments;

/// <summary>A wrong option names its key and the cure, and never a value.</summary>
public sealed class StripeOptionsTests
{
    private const string Key = "sk_live_verysecret";

    [Fact]
    public void The_defaults_with_key_and_secret_are_good() =>
        Assert.True(new StripeOptionsCheck().Validate(null, Good()).Succeeded);

    [Fact]
    public void A_missing_key_names_its_variable() =>
        Assert.Contains("Stripe__ApiKey", Problem(options => options.ApiKey = ""));

    [Fact]
    public void A_publishable_key_is_refused() =>
        Assert.Contains("Stripe__ApiKey", Problem(options => options.ApiKey = "pk_test_1"));

    [Theory]
    [InlineData(Key)]
    [InlineData("rk_live_verysecret")]
    public void A_live_key_goes_nowhere_but_to_Stripe(string key) => Assert.Contains(
        "Stripe__ApiBase", Problem(options =>
        {
            options.ApiKey = key;
            options.ApiBase = "http://127.0.0.1:12111";
        }));

    [Fact]
    public void A_missing_webhook_secret_names_its_variable() => Assert.Contains(
        "Stripe__WebhookSecrets__0", Problem(options => options.WebhookSecrets = []));

    [Fact]
    public void The_lease_outlives_the_call() => Assert.Contains(
        "Stripe__CallLease", Problem(options => options.CallLease = options.CallTimeout));

    private static StripeOptions Good() => new()
    {
        ApiKey = "sk_test_1",
        WebhookSecrets = ["whsec_verysecret"],
    };

    private static string Problem(Action<StripeOptions> spoil)
    {
        var options = Good();
        spoil(options);
        var result = new StripeOptionsCheck().Validate(null, options);
        Assert.True(result.Failed);
        Assert.DoesNotContain("verysecret", result.FailureMessage, StringComparison.Ordinal);
        return result.FailureMessage;
    }
}

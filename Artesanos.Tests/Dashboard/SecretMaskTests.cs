using Artesanos.Dashboard.Orders;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>What the engine tells, and what an order's page shows, holds no secret.</summary>
public sealed class SecretMaskTests
{
    private const string Key = "whsec_0123456789abcdef";

    [Theory]
    [InlineData("URL", "http://x/hook?key=" + Key, "http://x/hook?key=●●●●●●")]
    [InlineData("Stripe__ApiKey", "anything", "●●●●●●")]
    [InlineData("My_Password", "anything", "●●●●●●")]
    [InlineData("DB", "Host=db;Password=unknown;Port=1", "Host=db;Password=●●●●●●;Port=1")]
    [InlineData("NATS", "nats://nats:unknown@host:4222", "nats://nats:●●●●●●@host:4222")]
    [InlineData("Auth__PublicKey", "MFkwEwYH", "MFkwEwYH")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:80", "http://localhost:80")]
    public async Task Secrets_are_masked_by_value_by_form_and_by_name(
        string name, string value, string shown)
    {
        var mask = await MaskAsync();

        Assert.Equal(shown, mask.Variable(name, value));
    }

    [Fact]
    public async Task A_servers_password_is_masked_in_what_a_process_prints()
    {
        var builder = DistributedApplication.CreateBuilder(["--Console=off"]);
        var server = builder.AddPostgres("postgres").Resource;
        var mask = new SecretMask([], [server]);
        await mask.LearnAsync([], TestContext.Current.CancellationToken);
        var password = await server.PasswordParameter.GetValueAsync(
            TestContext.Current.CancellationToken);

        Assert.Equal("login with ●●●●●● failed", mask.Text($"login with {password} failed"));
    }

    [Fact]
    public void Payloads_are_pretty_and_their_secrets_are_masked()
    {
        var text = PayloadText.Pretty(
            """{"orderId":"1","lines":[{"name":"Tinaja de Úbeda","clientSecret":"pi_secret"}]}""");

        Assert.Contains("\"name\": \"Tinaja de Úbeda\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pi_secret", text, StringComparison.Ordinal);
        Assert.Equal("(not JSON, 9 characters)", PayloadText.Pretty("whatever{"));
    }

    private static async Task<SecretMask> MaskAsync()
    {
        var builder = DistributedApplication.CreateBuilder(["--Console=off"]);
        var secret = builder.AddParameter("key", Key, secret: true);
        var open = builder.AddParameter("open", "localhost", secret: false);
        var mask = new SecretMask([secret.Resource, open.Resource], []);
        await mask.LearnAsync([], TestContext.Current.CancellationToken);
        return mask;
    }
}

using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>Who may look at the dashboard: whoever has the token, from this machine.</summary>
[Collection("Dashboard")]
[Trait("Category", "E2E")]
public sealed class LoginTests(DashboardSystem system)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("orders")]
    [InlineData("dashboard.css")]
    [InlineData("_blazor/negotiate?negotiateVersion=1")]
    public async Task Without_the_token_nothing_is_shown(string path)
    {
        Chromium.Require();
        using var stranger = Client();

        using var answer = await stranger.GetAsync(new Uri(path, UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_person_without_the_token_is_told_where_it_is()
    {
        Chromium.Require();
        using var stranger = Client();
        stranger.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        using var answer = await stranger.GetAsync(new Uri("orders", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/login", answer.Headers.Location!.ToString());

        var page = await stranger.GetStringAsync(answer.Headers.Location, Ct);
        Assert.Contains("apphost | Dashboard:", page, StringComparison.Ordinal);

        using var wrong = await stranger.GetAsync(new Uri("login?t=wrong", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task The_token_becomes_a_cookie_that_no_script_and_no_other_site_can_use()
    {
        Chromium.Require();
        using var developer = Client();

        var cookie = await LogInAsync(developer);

        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(
            system.Address.Query["?t=".Length..], cookie, StringComparison.Ordinal);
        developer.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        using var answer = await developer.GetAsync(new Uri("", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith(
            "default-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "rebound.example:{0}")]
    [InlineData("Host", "localhost:1")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "https://shop.example")]
    public async Task A_foreign_host_or_origin_is_refused_even_with_the_cookie(
        string header, string value)
    {
        Chromium.Require();
        using var developer = Client();
        developer.DefaultRequestHeaders.Add("Cookie", (await LogInAsync(developer)).Split(';')[0]);
        developer.DefaultRequestHeaders.TryAddWithoutValidation(
            header, value.Replace("{0}", $"{system.Address.Port}", StringComparison.Ordinal));

        using var answer = await developer.GetAsync(new Uri("", UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Nothing_listens_outside_this_machine()
    {
        Chromium.Require();
        var outside = Array.Find(
            await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork, Ct),
            address => !IPAddress.IsLoopback(address));
        Assert.SkipWhen(outside is null, "This machine has no other address.");
        using var socket = new TcpClient();

        await Assert.ThrowsAsync<SocketException>(
            () => socket.ConnectAsync(outside!, system.Address.Port, Ct).AsTask());
    }

    private async Task<string> LogInAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(system.Address, Ct);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.GetValues("Set-Cookie").Single();
    }

    private HttpClient Client() => new(new HttpClientHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        BaseAddress = new Uri(system.Address, "/"),
    };
}

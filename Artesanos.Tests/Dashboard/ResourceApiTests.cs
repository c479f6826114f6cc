using System.Net;
using Aspire.Hosting.Dashboard;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>The engine's side of the dashboard, without a dashboard.</summary>
public sealed class ResourceApiTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + Token, HttpStatusCode.OK)]
    public async Task It_tells_and_obeys_only_who_has_its_token(
        string? header, HttpStatusCode status)
    {
        var port = FreeAddress.Port();
        await using var api = new ResourceApi([], new SecretMask([], []), null!, port, Token);
        await api.StartAsync(Ct);
        using var http = new HttpClient { BaseAddress = new($"http://localhost:{port}/") };
        if (header is not null)
        {
            http.DefaultRequestHeaders.Add("Authorization", header);
        }

        using var answer = await http.GetAsync(
            new Uri("resources", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Ct);

        Assert.Equal(status, answer.StatusCode);
    }
}

using System.Diagnostics;
using Xunit;

namespace Artesanos.Tests.Abuse;

/// <summary>What no HTTP client sends: broken requests, inner paths, and slowness.</summary>
[Trait("Category", "Abuse")]
public sealed class RawAttackTests(Topology topology)
{
    private const string End = "\r\n\r\n";
    private const string Post = "POST /orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

    // The limits are 10 s for headers, and 240 bytes a second after 5 s for bodies.
    private static readonly TimeSpan SlowPatience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, (string Request, int[] Statuses)> Rows = new()
    {
        ["up from orders"] = (Get("/orders/../orders/metrics"), [404]),
        ["up from the root"] = (Get("/../../../etc/passwd"), [400, 404]),
        ["up, encoded"] = (Get("/orders/%2e%2e/orders/metrics"), [404]),
        ["up, encoded twice"] = (Get("/orders/%252e%252e/metrics"), [401, 404]),
        ["up, encoded slash"] = (Get("/products/..%2forders%2fmetrics"), [404]),
        ["backslashes"] = (Get("/orders\\metrics"), [401, 404]),
        ["semicolon path"] = (Get("/orders;/metrics"), [404]),
        ["metrics in another case"] = (Get("/Orders/Metrics"), [404]),
        ["metrics by absolute address"] = (Get("http://orders:3004/orders/metrics"), [400]),
        ["NUL in the path"] = (Get("/orders/%00"), [400]),
        ["NUL byte in the path"] = (Get("/orders/\0"), [400]),
        ["blank in the path"] = (Get("/orders /metrics"), [400]),
        ["no path"] = ("GET  HTTP/1.1\r\nHost: x" + End, [400]),
        ["no version"] = ("GET /orders" + End, [400]),
        ["HTTP 0.9"] = ("GET /orders HTTP/0.9" + End, [400, 505]),
        ["HTTP 3"] = ("GET /orders HTTP/3.0\r\nHost: x" + End, [400, 505]),
        ["not HTTP"] = ("\x16\x03\x01\x02\x00\x01\x00\x01" + End, [400]),
        ["method of 5,000 letters"] = (new string('A', 5000) + " / HTTP/1.1" + End, [400]),
        ["no host"] = ("GET /orders HTTP/1.1\r\nConnection: close" + End, [400]),
        ["two hosts"] = ("GET /orders HTTP/1.1\r\nHost: a\r\nHost: b" + End, [400]),
        ["a host with a path"] = ("GET /orders HTTP/1.1\r\nHost: a/b" + End, [400]),
        ["path of 20,000 letters"] = (Get("/" + new string('a', 20_000)), [414]),
        ["header of 20,000 letters"] = (Get("/orders", "X: " + new string('a', 20_000)), [431]),
        ["100 headers"] = (Get("/orders", string.Join("\r\n", Enumerable.Range(0, 100)
            .Select(i => $"X-{i}: 1"))), [431]),
        ["header without a colon"] = (Get("/orders", "nonsense"), [400]),
        ["header with a blank in its name"] = (Get("/orders", "X Y: 1"), [400]),
        ["header with NUL"] = (Get("/orders", "X: a\0b"), [400]),
        ["folded header"] = (Get("/orders", "X: a\r\n b"), [400]),
        ["idempotency key outside ASCII"] = (Post + "Idempotency-Key: cl\xe9\r\nContent-Length: 0"
            + End, [400, 401]),
        ["negative length"] = (Post + "Content-Length: -1" + End, [400]),
        ["overflowing length"] = (Post + "Content-Length: 99999999999999999999" + End, [400]),
        ["length in letters"] = (Post + "Content-Length: ten" + End, [400]),
        ["two lengths"] = (Post + "Content-Length: 1\r\nContent-Length: 2" + End + "ab", [400]),
        ["length and chunks"] = (Post + "Content-Length: 4\r\nTransfer-Encoding: chunked" + End
            + "0" + End + "GET /orders/metrics HTTP/1.1\r\nHost: x" + End, [400, 401]),
        ["unknown transfer coding"] = (Post + "Transfer-Encoding: gzip" + End, [400, 401, 501]),
        ["chunk of no size"] = (Post + "Transfer-Encoding: chunked" + End + "z\r\n", [400, 401]),
        ["upgrade"] = (Get("/orders", "Connection: Upgrade\r\nUpgrade: h2c"), [400, 401]),
        ["CONNECT"] = ("CONNECT orders:3004 HTTP/1.1\r\nHost: orders:3004\r\n"
            + "Connection: close" + End, [404]),
        ["options of everything"] = ("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close" + End,
            [400, 404, 405]),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names() => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_broken_request_is_refused(string name)
    {
        var (request, statuses) = Rows[name];
        await using var connection = await OpenAsync();

        await connection.WriteAsync(request, Ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(SlowPatience);
        var answer = await connection.ReadToEndAsync(patience.Token);

        Assert.Contains(RawConnection.StatusOf(answer), statuses);
        Assert.DoesNotContain("saga_", answer);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public async Task Headers_that_drip_are_cut_off()
    {
        await using var connection = await OpenAsync();
        await connection.WriteAsync("GET /products HTTP/1.1\r\nHost: x\r\n", Ct);

        await DripAsync(connection, "X: 1\r\n", expected: [0, 408]);
    }

    [Fact]
    public async Task A_body_that_drips_is_cut_off()
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var connection = await OpenAsync();
        await connection.WriteAsync(Post + "Content-Type: application/json\r\n"
            + $"Authorization: {shopper.Http.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Length: 60000" + End, Ct);

        await DripAsync(connection, " ", expected: [0, 408, 502]);
    }

    [Fact]
    public async Task A_large_body_without_asking_ends_the_connection()
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var connection = await OpenAsync();
        await connection.WriteAsync(Post + "Content-Type: application/json\r\n"
            + $"Authorization: {shopper.Http.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Length: 50000000" + End, Ct);

        var answer = await connection.ReadToEndAsync(Ct);

        Assert.Equal(413, RawConnection.StatusOf(answer));
    }

    /// <summary>One piece a second until the server has had enough, in bounded time.</summary>
    private static async Task DripAsync(RawConnection connection, string piece, int[] expected)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(SlowPatience);
        var answer = connection.ReadToEndAsync(patience.Token);
        var began = Stopwatch.GetTimestamp();
        while (!answer.IsCompleted)
        {
            try
            {
                await connection.WriteAsync(piece, patience.Token);
            }
            catch (IOException)
            {
                break;
            }
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(1), patience.Token));
        }

        Assert.Contains(RawConnection.StatusOf(await answer), expected);
        Assert.True(Stopwatch.GetElapsedTime(began) < SlowPatience);
    }

    private Task<RawConnection> OpenAsync() =>
        RawConnection.OpenAsync(topology.Gateway.BaseAddress!, Ct);

    private static string Get(string path, string? header = null) =>
        $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}"
        + (header is null ? "\r\n" : End);
}

using System.Net.Http.Headers;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Abuse;

/// <summary>
/// Attackers with valid tokens, and a shopper and an artisan whose things they must not touch.
/// </summary>
public sealed class AbusedShop(Topology topology) : IAsyncLifetime
{
    /// <summary>Far above what any answer takes, far below what a hang would.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);

    private const int LargeBody = 256 * 1024;

    private readonly Dictionary<string, HttpClient> _attackers = [];
    private readonly string _subject = $"attacker-{Guid.CreateVersion7()}";
    private Guid _order;
    private Guid _product;

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        foreach (var role in new[] { "shopper", "artisan", "operator" })
        {
            _attackers[role] = await topology.SignInAsync(_subject, role, ct);
        }
        _product = await topology.NewProductAsync(stock: 10, priceMinor: 1000, ct);
        using var victim = await topology.NewShopperAsync(ct);
        _order = await victim.PlaceAsync(_product, 1, ct);
        await victim.WaitForAsync(_order, "COMPLETED", ct);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var attacker in _attackers.Values)
        {
            attacker.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    internal async Task<HttpResponseMessage> SendAsync(Attack attack, CancellationToken ct)
    {
        using var request = RequestOf(attack);
        var client = attack.As is null ? topology.Gateway : _attackers[attack.As];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(AnswerPatience);
        return await client.SendAsync(request, patience.Token);
    }

    /// <summary>Path with the victims' ids in the place of their names.</summary>
    internal string PathOf(Attack attack) => attack.Path
        .Replace("{order}", $"{_order}", StringComparison.Ordinal)
        .Replace("{product}", $"{_product}", StringComparison.Ordinal);

    /// <summary>The attackers own nothing, and the victims' things are as they were.</summary>
    public async Task AssertNothingStoredAsync(CancellationToken ct)
    {
        Assert.Equal(0L, await topology.QueryAsync<long>("orders",
            """
            SELECT (SELECT count(*) FROM orders WHERE customer_id = $1)
                + (SELECT count(*) FROM idempotency_keys WHERE customer_id = $1)
                + (SELECT count(*) FROM order_history WHERE asked_by = $1)
            """, ct, _subject));
        Assert.Equal("COMPLETED", await topology.QueryAsync<string>("orders",
            "SELECT status FROM orders WHERE id = $1", ct, _order));
        Assert.Equal("Botijo de prueba 9", await topology.QueryAsync<string>("inventory",
            "SELECT name || ' ' || on_hand FROM products WHERE id = $1", ct, _product));
        Assert.Equal(0L, await topology.QueryAsync<long>("inventory",
            """
            SELECT (SELECT count(*) FROM products WHERE artisan_sub = $1)
                + (SELECT count(*) FROM stock_movements WHERE by = $1)
            """, ct, _subject));
        Assert.Equal(0L, await topology.QueryAsync<long>("payments",
            """
            SELECT (SELECT count(*) FROM payments WHERE customer_id = $1)
                + (SELECT count(*) FROM stripe_events WHERE id LIKE 'evt_abuse%')
            """, ct, _subject));
    }

    private HttpRequestMessage RequestOf(Attack attack)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(attack.Method), new Uri(PathOf(attack), UriKind.Relative));
        if (attack.Body is not null)
        {
            // A server that refuses by length closes while the body is still under way, and then
            // its answer may be lost. Asked first, it answers before.
            request.Headers.ExpectContinue = attack.Body.Length > LargeBody;
            request.Content = new ByteArrayContent(attack.Body);
            if (attack.ContentType is not null)
            {
                request.Content.Headers.TryAddWithoutValidation(
                    "Content-Type", attack.ContentType);
            }
        }
        foreach (var (name, value) in attack.Headers)
        {
            HttpHeaders headers = name.StartsWith("Content-", StringComparison.Ordinal)
                ? request.Content!.Headers
                : request.Headers;
            headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }

    internal static async Task AssertProblemAsync(
        Attack attack, HttpResponseMessage answer, CancellationToken ct)
    {
        var body = await answer.Content.ReadAsStringAsync(ct);
        Assert.True(attack.Status == (int)answer.StatusCode,
            $"{attack.Name}: {(int)answer.StatusCode} instead of {attack.Status}. {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Equal($"/problems/{attack.Problem}", problem.GetProperty("type").GetString());
        Assert.Equal(32, problem.GetProperty("traceId").GetString()!.Length);
        if (attack.Field is not null)
        {
            Assert.Contains(attack.Field,
                problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace Artesanos.Bench;

/// <summary>What the clients saw.</summary>
/// <param name="Answers">How long each accepted order waited for its answer, sorted.</param>
/// <param name="Shed">Orders answered with 503 and Retry-After: more than can be taken now.</param>
/// <param name="Errors">Any other answer, or none.</param>
internal sealed record TrafficResult(IReadOnlyList<TimeSpan> Answers, int Shed, int Errors);

/// <summary>Places orders of two lines, a card with each.</summary>
internal sealed class OrderTraffic(BenchTarget target, BenchArguments arguments)
{
    private readonly ConcurrentBag<TimeSpan> _answers = [];
    private readonly string _resource = arguments.Gateway ? "gateway" : "orders";
    private int _placed;
    private int _shed;
    private int _errors;

    /// <summary>Orders that were sent so far.</summary>
    public int Placed => Volatile.Read(ref _placed);

    /// <summary>Closed loop: a client places its next order when the last one was answered.</summary>
    public async Task<TrafficResult> ByClientsAsync(int orders, CancellationToken ct)
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, arguments.Clients).Select(async _ =>
        {
            using var http = target.NewClient(_resource);
            while (Interlocked.Increment(ref next) <= orders)
            {
                var sent = Stopwatch.StartNew();
                await PlaceAsync(http, () => sent.Elapsed, ct);
            }
        }));
        return Result();
    }

    /// <summary>
    /// Open loop: orders come at their times, whether or not earlier ones were answered, and wait
    /// from the time at which they should have left. So a stall counts for every order it delays.
    /// </summary>
    public async Task<TrafficResult> ByRateAsync(int orders, double rate, CancellationToken ct)
    {
        using var http = target.NewClient(_resource);
        var clock = Stopwatch.StartNew();
        var waiting = new List<Task>(orders);
        for (var i = 0; i < orders; i++)
        {
            var due = TimeSpan.FromSeconds(i / rate);
            if (due - clock.Elapsed is { TotalMilliseconds: >= 1 } early)
            {
                await Task.Delay(early, ct);
            }
            waiting.Add(PlaceAsync(http, () => clock.Elapsed - due, ct));
        }
        await Task.WhenAll(waiting);
        return Result();
    }

    private async Task PlaceAsync(HttpClient http, Func<TimeSpan> waited, CancellationToken ct)
    {
        Interlocked.Increment(ref _placed);
        try
        {
            using var order = new ByteArrayContent(NewOrder());
            order.Headers.ContentType = new("application/json");
            using var answer = await http.PostAsync("/orders", order, ct);
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                _answers.Add(waited());
                if (arguments.Wait)
                {
                    await target.WaitForEndAsync(
                        Guid.Parse(answer.Headers.Location!.OriginalString[^36..]), ct);
                }
            }
            else if (answer.StatusCode == HttpStatusCode.ServiceUnavailable
                && answer.Headers.RetryAfter is not null)
            {
                Interlocked.Increment(ref _shed);
            }
            else
            {
                Interlocked.Increment(ref _errors);
            }
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _errors);
        }
    }

    // Written out: the load shares the cores with what it measures.
    private byte[] NewOrder()
    {
        var card = 100 * Random.Shared.NextDouble() < arguments.FailurePercent
            ? "pm_card_chargeDeclined" : "pm_card_visa";
        return Encoding.UTF8.GetBytes(
            $$"""{"lines":[{{Line()}},{{Line()}}],"paymentMethodId":"{{card}}"}""");
    }

    private string Line() =>
        $$"""{"productId":"{{target.Products[Random.Shared.Next(target.Products.Count)]}}","quantity":1}""";

    private TrafficResult Result() => new([.. _answers.Order()], _shed, _errors);
}

using System.Net;
using Stripe;
using Xunit;

namespace Artesanos.Tests.Contracts;

/// <summary>Idempotency keys and injected faults: an order is charged once, whatever is lost.
/// </summary>
public sealed class StripeSimulatorIdempotencyTests : IAsyncLifetime
{
    private StripeSimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PaymentIntentService Intents => _host.Client.V1.PaymentIntents;

    public async ValueTask InitializeAsync() => _host = await StripeSimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_repeated_key_gives_the_first_answer_again()
    {
        var first = await CreateAsync("k-1", 2599);
        var again = await CreateAsync("k-1", 2599);

        Assert.Equal(first.Id, again.Id);
        Assert.Equal(first.StripeResponse.Content, again.StripeResponse.Content);
        Assert.Equal("k-1", again.StripeResponse.IdempotencyKey);
        Assert.Equal(
            "true", Assert.Single(again.StripeResponse.Headers.GetValues("Idempotent-Replayed")));
        Assert.False(first.StripeResponse.Headers.Contains("Idempotent-Replayed"));
    }

    [Fact]
    public async Task A_key_is_bound_to_its_parameters_and_its_endpoint()
    {
        var intent = await CreateAsync("k-2", 2599);

        var otherAmount = await Assert.ThrowsAsync<StripeException>(() => CreateAsync("k-2", 1));
        var otherEndpoint = await Assert.ThrowsAsync<StripeException>(() => Intents.CancelAsync(
            intent.Id, null, new() { IdempotencyKey = "k-2" }, Cancellation));

        Assert.Equal("idempotency_error", otherAmount.StripeError.Type);
        Assert.Equal("idempotency_error", otherEndpoint.StripeError.Type);
        Assert.Equal(HttpStatusCode.BadRequest, otherAmount.HttpStatusCode);
    }

    [Fact]
    public async Task A_decline_is_kept_under_its_key_and_a_failed_validation_is_not()
    {
        var declined = new PaymentIntentCreateOptions
        {
            Amount = 2599,
            Currency = "eur",
            Confirm = true,
            PaymentMethod = "pm_card_chargeDeclined",
            ReturnUrl = "https://shop.example/back"
        };
        var first = await Assert.ThrowsAsync<StripeException>(() => Intents.CreateAsync(
            declined, new() { IdempotencyKey = "k-3" }, Cancellation));
        var again = await Assert.ThrowsAsync<StripeException>(() => Intents.CreateAsync(
            declined, new() { IdempotencyKey = "k-3" }, Cancellation));
        Assert.Equal(
            first.StripeError.PaymentIntent.Id, again.StripeError.PaymentIntent.Id);

        var tooSmall = await Assert.ThrowsAsync<StripeException>(() => CreateAsync("k-4", 1));
        Assert.Equal("amount_too_small", tooSmall.StripeError.Code);
        Assert.Equal(2599, (await CreateAsync("k-4", 2599)).Amount);
    }

    [Fact]
    public async Task A_twin_that_arrives_meanwhile_is_told_so()
    {
        await _host.ControlAsync("/faults", new { kind = "delay", delay_ms = 1000 }, Cancellation);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return (await CreateAsync("k-5", 2599)).Id;
            }
            catch (StripeException refused)
            {
                Assert.Equal(HttpStatusCode.Conflict, refused.HttpStatusCode);
                Assert.Equal("idempotency_key_in_use", refused.StripeError.Code);
                return null;
            }
        }));

        Assert.Contains(null, answers);
        Assert.Single(answers.OfType<string>().Distinct());
        Assert.Single(await Intents.ListAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_lost_answer_is_found_again_by_repeating_the_key()
    {
        await _host.ControlAsync(
            "/faults", new { kind = "lost_response", target = "payment_intents.create" },
            Cancellation);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => CreateAsync("k-6", 2599));

        var found = await CreateAsync("k-6", 2599);
        var only = Assert.Single(await Intents.ListAsync(cancellationToken: Cancellation));
        Assert.Equal(only.Id, found.Id);
    }

    [Fact]
    public async Task The_clients_own_retry_gets_over_a_lost_answer()
    {
        await _host.ControlAsync("/faults", new { kind = "lost_response" }, Cancellation);
        var retrying = _host.ClientWith("sk_test_contract", retries: 2);

        var intent = await retrying.V1.PaymentIntents.CreateAsync(
            new() { Amount = 2599, Currency = "eur" }, new() { IdempotencyKey = "k-7" },
            Cancellation);

        var only = Assert.Single(await Intents.ListAsync(cancellationToken: Cancellation));
        Assert.Equal(only.Id, intent.Id);
    }

    [Fact]
    public async Task A_server_error_is_kept_and_a_rate_limit_or_an_outage_is_not()
    {
        await _host.ControlAsync("/faults", new { kind = "server_error" }, Cancellation);
        await AssertFailsAsync("k-8", HttpStatusCode.InternalServerError);
        await AssertFailsAsync("k-8", HttpStatusCode.InternalServerError);

        await _host.ControlAsync("/faults", new { kind = "rate_limited" }, Cancellation);
        await AssertFailsAsync("k-9", HttpStatusCode.TooManyRequests);
        await _host.ControlAsync("/faults", new { kind = "unavailable" }, Cancellation);
        await AssertFailsAsync("k-9", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(2599, (await CreateAsync("k-9", 2599)).Amount);
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        var clock = new MovedClock();
        await using var host = await StripeSimulatorHost.StartAsync(clock);
        var intents = host.Client.V1.PaymentIntents;
        var key = new RequestOptions { IdempotencyKey = "k-10" };
        var order = StripeSimulatorHost.Order("o-10");
        var first = await intents.CreateAsync(order, key, Cancellation);

        clock.Offset = TimeSpan.FromHours(23);
        Assert.Equal(first.Id, (await intents.CreateAsync(order, key, Cancellation)).Id);
        clock.Offset = TimeSpan.FromHours(25);
        Assert.NotEqual(first.Id, (await intents.CreateAsync(order, key, Cancellation)).Id);
    }

    [Fact]
    public async Task A_fault_by_rate_strikes_alike_under_the_same_seed()
    {
        var runs = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            await _host.Http.DeleteAsync("/control/faults", Cancellation);
            await _host.ControlAsync(
                "/faults", new { kind = "unavailable", rate = 0.5, seed = 7 }, Cancellation);
            var outcome = "";
            for (var i = 0; i < 20; i++)
            {
                using var response = await _host.Http.GetAsync(
                    "/v1/events?key=sk_test_contract", Cancellation);
                outcome += (int)response.StatusCode;
            }

            runs.Add(outcome);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.Contains("503", runs[0], StringComparison.Ordinal);
        Assert.Contains("200", runs[0], StringComparison.Ordinal);
    }

    private async Task AssertFailsAsync(string key, HttpStatusCode status)
    {
        var failed = await Assert.ThrowsAsync<StripeException>(() => CreateAsync(key, 2599));
        Assert.Equal(status, failed.HttpStatusCode);
    }

    private Task<PaymentIntent> CreateAsync(string key, long amount) => Intents.CreateAsync(
        new() { Amount = amount, Currency = "eur" }, new() { IdempotencyKey = key },
        Cancellation);

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}

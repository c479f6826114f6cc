using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Artesanos.StripeSimulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stripe;
using Xunit;

namespace Artesanos.Tests.Contracts;

/// <summary>A simulator on a free port, the unmodified Stripe.net client for it, and a receiver
/// of its webhooks.</summary>
internal sealed class StripeSimulatorHost : IAsyncDisposable
{
    public const string WebhookSecret = "whsec_contract";

    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(30);

    private readonly WebApplication _simulator;
    private readonly WebApplication _receiver;
    private readonly HttpClient _stripeHttp = new();
    private readonly Lock _gate = new();
    private readonly List<ReceivedWebhook> _received = [];

    private StripeSimulatorHost(WebApplication simulator, WebApplication receiver)
    {
        _simulator = simulator;
        _receiver = receiver;
        BaseUrl = AddressOf(simulator);
        Http = new HttpClient { BaseAddress = new Uri(BaseUrl) };
        Client = ClientWith("sk_test_contract");
    }

    public string BaseUrl { get; }

    /// <summary>For requests that are not Stripe.net's, the control API above all.</summary>
    public HttpClient Http { get; }

    public StripeClient Client { get; }

    /// <summary>Answers of the receiver, one per webhook; 200 when it is used up.</summary>
    public Queue<HttpStatusCode> WebhookAnswers { get; } = new();

    public static async Task<StripeSimulatorHost> StartAsync(
        TimeProvider? time = null, params string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var receiver = builder.Build();
        receiver.Urls.Add("http://127.0.0.1:0");
        StripeSimulatorHost? host = null;
        receiver.MapPost("/webhook", http => host!.ReceiveAsync(http));
        await receiver.StartAsync();

        var simulator = SimulatorApp.Build(
            [
                "--environment", "Development", "--urls", "http://127.0.0.1:0",
                "--Logging:LogLevel:Default", "Critical",
                "--Webhook:Url", AddressOf(receiver) + "/webhook",
                "--Webhook:Secret", WebhookSecret,
                "--Webhook:RetryDelays:0", "00:00:00.050",
                "--Webhook:RetryDelays:1", "00:00:00.050",
                "--Simulator:LateOutcomeDelay", "00:00:00.050",
                .. settings
            ],
            time);
        await simulator.StartAsync();
        host = new StripeSimulatorHost(simulator, receiver);
        return host;
    }

    /// <summary>A client as Payments makes it.</summary>
    public StripeClient ClientWith(string apiKey, int retries = 0) => new(new StripeClientOptions
    {
        ApiKey = apiKey,
        ApiBase = BaseUrl,
        HttpClient = new SystemNetHttpClient(
            _stripeHttp, maxNetworkRetries: retries, enableTelemetry: false)
    });

    /// <summary>An order of 25.99 EUR; with a payment method it is confirmed at once.</summary>
    public static PaymentIntentCreateOptions Order(
        string orderId, string? paymentMethod = null) => new()
        {
            Amount = 2599,
            Currency = "eur",
            Confirm = paymentMethod is not null,
            PaymentMethod = paymentMethod,
            AutomaticPaymentMethods = new() { Enabled = true, AllowRedirects = "never" },
            Metadata = new() { ["order_id"] = orderId }
        };

    /// <summary>Waits until every webhook is settled, then returns those that arrived.</summary>
    public async Task<IReadOnlyList<ReceivedWebhook>> WebhooksAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(WaitLimit);
        while ((long)(await GetAsync("/control/webhooks", limit.Token))["pending"]! > 0)
        {
            await Task.Delay(10, limit.Token);
        }

        lock (_gate)
        {
            return [.. _received];
        }
    }

    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellation) =>
        (await Http.GetFromJsonAsync<JsonNode>(path, cancellation))!;

    public async Task<JsonNode> ControlAsync(
        string path, object body, CancellationToken cancellation)
    {
        using var response = await Http.PostAsJsonAsync("/control" + path, body, cancellation);
        Assert.True(
            response.IsSuccessStatusCode,
            await response.Content.ReadAsStringAsync(cancellation));
        return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellation))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.StopAsync();
        await _simulator.DisposeAsync();
        await _receiver.DisposeAsync();
        Http.Dispose();
        _stripeHttp.Dispose();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        lock (_gate)
        {
            var status = WebhookAnswers.TryDequeue(out var wanted) ? wanted : HttpStatusCode.OK;
            http.Response.StatusCode = (int)status;
            _received.Add(new ReceivedWebhook(
                body, http.Request.Headers["Stripe-Signature"].ToString(), status));
        }
    }

    private static string AddressOf(WebApplication app) => app.Services
        .GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}

internal sealed record ReceivedWebhook(string Body, string Signature, HttpStatusCode Answer)
{
    /// <summary>The event, its signature verified as Payments does.</summary>
    public Event Verified() =>
        EventUtility.ConstructEvent(Body, Signature, StripeSimulatorHost.WebhookSecret);
}

using System.Net;
using Artesanos.Gateway.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Artesanos.Tests.Gateway;

/// <summary>
/// The gateway's own Program before replicas whose health is played: who cannot work gets nothing
/// to do until it can, and the caller notices neither.
/// </summary>
public sealed class ProbedReplicaTests : IAsyncLifetime
{
    private const int Requests = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Replica _first = new("first");
    private readonly Replica _second = new("second");
    private OfflineHost<DestinationsKnown> _gateway = null!;
    private HttpClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _first.StartAsync(0);
        await _second.StartAsync(0);
        _gateway = new OfflineHost<DestinationsKnown>(
            ("services:inventory:http:0", _first.Address),
            ("services:inventory:http:1", _second.Address),
            ("Probes:Interval", "00:00:00.1"), ("Probes:Timeout", "00:00:00.3"));
        _gateway.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _gateway.StartServer();
        _client = _gateway.CreateClient();
        await BothServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _first.StopAsync();
        await _second.StopAsync();
    }

    [Fact]
    public async Task A_replica_that_says_it_cannot_work_gets_nothing_until_it_can()
    {
        _first.Health = async http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await http.Response.WriteAsync("Unhealthy");
        };
        await OnlySecondServesAsync();

        _first.Health = _ => Task.CompletedTask;
        await BothServeAsync();
    }

    [Fact]
    public async Task A_replica_that_hangs_gets_nothing_until_it_answers_again()
    {
        var hanging = new TaskCompletionSource();
        _first.Health = http => hanging.Task.WaitAsync(http.RequestAborted);
        await OnlySecondServesAsync();

        _first.Health = _ => Task.CompletedTask;
        hanging.SetResult();
        await BothServeAsync();
    }

    [Fact]
    public async Task A_replica_that_died_costs_no_request_and_comes_back_at_its_address()
    {
        var port = new Uri(_first.Address).Port;
        await _first.StopAsync();
        await OnlySecondServesAsync();

        await _first.StartAsync(port);
        await BothServeAsync();
    }

    [Fact]
    public async Task A_degraded_replica_keeps_working()
    {
        _first.Health = http => http.Response.WriteAsync("Degraded");
        var probes = _first.Probes;
        await Eventually.TrueAsync(
            () => Task.FromResult(_first.Probes > probes + 4), Patience, "it is probed", Ct);

        Assert.Contains("first", await ServedByAsync());
    }

    /// <summary>Asks until the first one is left out, and then sees that it stays so.</summary>
    private async Task OnlySecondServesAsync()
    {
        await Eventually.TrueAsync(
            async () => !(await ServedByAsync()).Contains("first"),
            Patience, "the first replica gets no request", Ct);
        Assert.Equal(["second"], (await ServedByAsync()).Distinct());
    }

    private Task BothServeAsync() => Eventually.TrueAsync(
        async () => (await ServedByAsync()).Distinct().Count() == 2,
        Patience, "both replicas get requests", Ct);

    /// <summary>Who answered; every request must be.</summary>
    private async Task<IReadOnlyCollection<string>> ServedByAsync()
    {
        var names = new List<string>();
        for (var i = 0; i < Requests; i++)
        {
            using var answer = await _client.GetAsync("/products", Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            names.Add(await answer.Content.ReadAsStringAsync(Ct));
        }
        return names;
    }

    private sealed class Replica(string name)
    {
        private WebApplication? _app;
        private int _probes;

        public RequestDelegate Health { get; set; } = _ => Task.CompletedTask;

        public int Probes => Volatile.Read(ref _probes);

        public string Address { get; private set; } = "";

        public async Task StartAsync(int port)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration["urls"] = $"http://127.0.0.1:{port}";
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.MapGet("/products", () => name);
            _app.MapGet("/health", (HttpContext http) =>
            {
                Interlocked.Increment(ref _probes);
                return Health(http);
            });
            await _app.StartAsync(Ct);
            Address = _app.Urls.Single();
        }

        public async Task StopAsync()
        {
            if (_app is not null)
            {
                await _app.DisposeAsync();
                _app = null;
            }
        }
    }
}

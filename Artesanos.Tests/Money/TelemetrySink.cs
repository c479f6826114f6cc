using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Artesanos.Tests.Money;

/// <summary>
/// A collector that keeps the bytes of every export. In protobuf all texts stand as they are, so
/// that they can be searched.
/// </summary>
internal sealed class TelemetrySink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<(string Path, byte[] Body)> _exports = [];

    private TelemetrySink(WebApplication app)
    {
        _app = app;
        app.MapPost("/v1/{signal}", ReceiveAsync);
    }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<TelemetrySink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var sink = new TelemetrySink(app);
        await app.StartAsync();
        return sink;
    }

    /// <summary>What has come for <c>/v1/traces</c>, <c>…/logs</c>, <c>…/metrics</c>.</summary>
    public List<byte[]> Of(string path)
    {
        lock (_gate)
        {
            return [.. _exports.Where(export => export.Path == path).Select(e => e.Body)];
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        lock (_gate)
        {
            _exports.Add((http.Request.Path, body.ToArray()));
        }
    }
}

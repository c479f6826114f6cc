using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// What the dashboard learns of the resources, and its commands: JSON lines on loopback, behind a
/// token of their own. Streams compare and send what changed instead of queueing events, so a
/// slow reader costs nothing.
/// </summary>
internal sealed class ResourceApi(
    IReadOnlyList<Instance> instances, SecretMask mask, ResourceCommandService commands,
    int port, string token) : IAsyncDisposable
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(200);
    private static readonly byte[] _newLine = "\n"u8.ToArray();

    private readonly CancellationTokenSource _ending = new();
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.ListenLocalhost(port));
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            if (IsAllowed(context.Request))
            {
                return next(context);
            }
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        _app.UseRouting();
        _app.MapGet("/resources", ResourcesAsync);
        _app.MapGet("/resources/{id}/log", LogAsync);
        _app.MapPost("/resources/{id}/{command}", CommandAsync);
        await _app.StartAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        _ending.Dispose();
    }

    // Every resource, then each that changed.
    private Task ResourcesAsync(HttpContext context)
    {
        var sent = new Dictionary<string, byte[]>();
        return StreamAsync(context, () =>
        {
            var changed = new List<byte[]>();
            foreach (var instance in instances)
            {
                var view = Line(ResourceView.Of(instance, mask), ViewJson.Default.ResourceView);
                if (!view.AsSpan().SequenceEqual(sent.GetValueOrDefault(instance.Id)))
                {
                    sent[instance.Id] = view;
                    changed.Add(view);
                }
            }
            return changed;
        });
    }

    // The lines that are kept, then each new one.
    private async Task LogAsync(HttpContext context)
    {
        var instance = Find(context);
        if (instance is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var last = 0L;
        await StreamAsync(context, () =>
        {
            var lines = instance.Log.After(last);
            last = lines.Count > 0 ? lines[^1].Number : last;
            return lines.Select(line => Line(
                line with { Text = mask.Text(line.Text) }, ViewJson.Default.LogLine));
        });
    }

    private async Task CommandAsync(HttpContext context)
    {
        var command = (string)context.Request.RouteValues["command"]!;
        var result = await commands.ExecuteCommandAsync(
            (string)context.Request.RouteValues["id"]!, command, context.RequestAborted);
        if (!result.Success)
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            await context.Response.WriteAsJsonAsync(
                new CommandRefusal(mask.Text(result.Message ?? "It was cancelled.")),
                ViewJson.Default.CommandRefusal);
        }
    }

    private async Task StreamAsync(HttpContext context, Func<IEnumerable<byte[]>> read)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, _ending.Token);
        context.Response.ContentType = "application/jsonl";
        using var timer = new PeriodicTimer(_look);
        try
        {
            await context.Response.StartAsync(ending.Token);
            do
            {
                foreach (var line in read())
                {
                    await context.Response.Body.WriteAsync(line, ending.Token);
                }
                await context.Response.Body.FlushAsync(ending.Token);
            }
            while (await timer.WaitForNextTickAsync(ending.Token));
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or the application ends.
        }
    }

    private bool IsAllowed(HttpRequest request) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()),
        Encoding.UTF8.GetBytes($"Bearer {token}"));

    private Instance? Find(HttpContext context) => instances.FirstOrDefault(i => string.Equals(
        i.Id, (string?)context.Request.RouteValues["id"], StringComparison.OrdinalIgnoreCase));

    private static byte[] Line<T>(T value, JsonTypeInfo<T> type) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(value, type), .. _newLine];
}

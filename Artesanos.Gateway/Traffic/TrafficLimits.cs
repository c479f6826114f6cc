using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Artesanos.Gateway.Traffic;

/// <summary>
/// What one address, one user and everybody together may ask for. Too much of one caller is 429,
/// too much of all is 503: the gateway refuses what it could only keep waiting.
/// </summary>
internal sealed class TrafficLimits : IDisposable
{
    private const string Everybody = "*";
    private const string WebhookPath = "/payments/webhook";
    private const string StreamEnd = "/events";

    private readonly Budget _address;
    private readonly Budget _webhooks;
    private readonly Budget _user;
    private readonly Budget _userOrders;
    private readonly ConcurrencyLimiter _room;

    public TrafficLimits(IOptions<TrafficOptions> options)
    {
        var traffic = options.Value;
        _address = new("address", traffic.AddressPerMinute, http =>
            IsProbe(http) || IsWebhook(http) ? null : Network(http.Connection.RemoteIpAddress));
        // Stripe comes from few addresses, with no user's token.
        _webhooks = new("webhooks", traffic.WebhooksPerMinute,
            http => IsWebhook(http) ? Everybody : null);
        _user = new("user", traffic.UserPerMinute, User);
        _userOrders = new("orders", traffic.UserOrdersPerMinute,
            http => IsNewOrder(http.Request) ? User(http) : null);
        _room = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = traffic.MaxConcurrentRequests,
            QueueLimit = 0,
        });
    }

    /// <summary>Before anything that costs, checking a token among it.</summary>
    public async Task LimitAddressAsync(HttpContext http, RequestDelegate next)
    {
        if ((_address.Pay(http) ?? _webhooks.Pay(http)) is { } wait)
        {
            await RefuseAsync(http, StatusCodes.Status429TooManyRequests, wait);
            return;
        }
        // A stream is held for minutes and is bounded where it is served.
        using var room = IsStream(http) || IsProbe(http) ? null : _room.AttemptAcquire();
        if (room is { IsAcquired: false })
        {
            await RefuseAsync(
                http, StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(1));
            return;
        }
        await next(http);
    }

    /// <summary>After authentication.</summary>
    public Task LimitUserAsync(HttpContext http, RequestDelegate next) =>
        (_userOrders.Pay(http) ?? _user.Pay(http)) is { } wait
            ? RefuseAsync(http, StatusCodes.Status429TooManyRequests, wait)
            : next(http);

    public void Dispose()
    {
        _address.Dispose();
        _webhooks.Dispose();
        _user.Dispose();
        _userOrders.Dispose();
        _room.Dispose();
    }

    /// <summary>A household has a whole /64 of IPv6; by single addresses it has no limit.</summary>
    internal static string Network(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }
        return address is { AddressFamily: AddressFamily.InterNetworkV6 }
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address?.ToString() ?? "unknown";
    }

    private static async Task RefuseAsync(HttpContext http, int status, TimeSpan wait)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);
        await http.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new ProblemDetailsContext { HttpContext = http });
    }

    private static string? User(HttpContext http) =>
        http.User.Identity?.IsAuthenticated == true ? http.User.Subject() : null;

    private static bool IsNewOrder(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && request.Path.Value!.TrimEnd('/').Equals("/orders", StringComparison.OrdinalIgnoreCase);

    private static bool IsWebhook(HttpContext http) =>
        http.Request.Path.Equals(WebhookPath, StringComparison.OrdinalIgnoreCase);

    private static bool IsProbe(HttpContext http) =>
        http.Request.Path.Value is "/alive" or "/health";

    private static bool IsStream(HttpContext http) =>
        http.Request.Path.Value!.EndsWith(StreamEnd, StringComparison.OrdinalIgnoreCase);
}

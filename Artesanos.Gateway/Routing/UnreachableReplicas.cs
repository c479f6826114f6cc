using Yarp.ReverseProxy.Forwarder;

namespace Artesanos.Gateway.Routing;

/// <summary>
/// A request that found nobody listening goes to the next replica, and so does a read that lost
/// its answer; if there is none, the answer says when to try again.
/// </summary>
internal sealed partial class UnreachableReplicas(ILogger<UnreachableReplicas> logger)
{
    private const string RetryAfterSeconds = "1";

    public async Task TryOthersAsync(HttpContext context, RequestDelegate forward)
    {
        var proxy = context.GetReverseProxyFeature();
        var untried = proxy.AvailableDestinations;
        await forward(context);

        while (MayTryAgain(context) && proxy.ProxiedDestination is { } unreachable)
        {
            untried = [.. untried.Where(destination => destination != unreachable)];
            if (untried.Count == 0)
                break;

            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
            proxy.ProxiedDestination = null;
            proxy.AvailableDestinations = untried;
            await forward(context);
        }

        var status = context.Response.StatusCode;
        if (context.GetForwarderErrorFeature() is { } failure && !context.Response.HasStarted
            && status >= StatusCodes.Status500InternalServerError)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            LogFailed(
                proxy.Cluster.Config.ClusterId, failure.Error, failure.Exception?.Message, status);
        }
    }

    // Without a connection not one byte left, not even of the body, so that repeating is safe for
    // every method. After any other failure the service may have acted on the request: then only
    // what changes nothing is repeated.
    private static bool MayTryAgain(HttpContext context)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested
            || context.GetForwarderErrorFeature() is not { } failure)
        {
            return false;
        }
        var method = context.Request.Method;
        var nothingWasSent = failure.Exception
            is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
        return nothingWasSent
            || (failure.Error == ForwarderError.Request
                && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)));
    }

    // One line instead of the proxy's stack trace per request.
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Forwarding to {Service} failed: {Error}, {Reason}; answered {Status}")]
    private partial void LogFailed(
        string service, ForwarderError error, string? reason, int status);
}

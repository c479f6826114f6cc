using Yarp.ReverseProxy.Forwarder;

namespace Artesanos.Gateway.Routing;

/// <summary>
/// A request that found nobody listening goes to the next replica; if there is none, the answer
/// says when to try again.
/// </summary>
internal static class UnreachableReplicas
{
    private const string RetryAfterSeconds = "1";

    public static async Task TryOthersAsync(HttpContext context, RequestDelegate forward)
    {
        var proxy = context.GetReverseProxyFeature();
        var untried = proxy.AvailableDestinations;
        await forward(context);

        while (NothingWasSent(context) && proxy.ProxiedDestination is { } unreachable)
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

        if (context.GetForwarderErrorFeature() is not null && !context.Response.HasStarted
            && context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }
    }

    // Without a connection not one byte left, not even of the body, so that repeating is safe for
    // every method. After any other failure the service may have acted on the request.
    private static bool NothingWasSent(HttpContext context) =>
        !context.Response.HasStarted
        && context.GetForwarderErrorFeature()?.Exception
            is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
}

namespace Artesanos.Gateway.Browsers;

/// <summary>
/// What a browser must not do with an answer: guess its type, run or frame it, store what only
/// its owner may see.
/// </summary>
internal static class SecurityHeaders
{
    // No answer of the API is a page. /docs states its own policy.
    private const string NothingRuns = "default-src 'none'; frame-ancestors 'none'";
    private const string TwoYears = "max-age=63072000; includeSubDomains";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(static state =>
        {
            Write((HttpContext)state);
            return Task.CompletedTask;
        }, http);
        return next(http);
    });

    private static void Write(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-site";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = NothingRuns;
        }
        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = TwoYears;
        }
        if (headers.CacheControl.Count == 0 && http.Request.Headers.Authorization.Count > 0)
        {
            headers.CacheControl = "no-store";
        }
    }
}

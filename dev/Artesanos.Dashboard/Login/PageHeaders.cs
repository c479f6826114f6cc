namespace Artesanos.Dashboard.Login;

/// <summary>What a browser may do with the pages.</summary>
internal static class PageHeaders
{
    // Components set styles on elements; scripts come from files only.
    private const string _policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        + "frame-ancestors 'none'";

    public static void UsePageHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        // The token stands in the login's URL.
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    });
}

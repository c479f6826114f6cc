namespace Artesanos.Dashboard.Login;

/// <summary>
/// A page of the web must not reach the dashboard through a name of its own that leads here (DNS
/// rebinding), nor from another port of this machine, whose cookies are the same.
/// </summary>
internal static class LoopbackOnly
{
    private static readonly string[] _hosts = ["localhost", "127.0.0.1", "[::1]"];

    public static void UseLoopbackOnly(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<DashboardOptions>();
        app.Use((context, next) =>
        {
            // Senders of telemetry have a port and a key of their own, and no pages.
            if (context.Connection.LocalPort == options.OtlpPort
                || IsOurs(context.Request, options))
            {
                return next(context);
            }
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return context.Response.WriteAsync(
                $"The dashboard answers to http://localhost:{options.Port} only.\n");
        });
    }

    private static bool IsOurs(HttpRequest request, DashboardOptions options)
    {
        var host = request.Host;
        if (host.Port != options.Port
            || !_hosts.Contains(host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }
        var origin = request.Headers.Origin;
        return origin.Count == 0 || origin == $"{request.Scheme}://{host}";
    }
}

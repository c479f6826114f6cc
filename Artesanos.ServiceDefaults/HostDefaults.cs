using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// The two calls every host makes. The order of the pipeline is decided here once: errors become
/// problem details, then the time limit, then who is calling, then what they may do.
/// </summary>
public static class HostDefaults
{
    /// <summary>
    /// Registers telemetry, console logs, limits, strict JSON, problem details, health checks and
    /// bearer-token authentication. Reads the sections <c>Auth</c> and <c>Limits</c>; a wrong
    /// value stops the host at start with the key's name and the cure.
    /// </summary>
    public static WebApplicationBuilder AddServiceDefaults(
        this WebApplicationBuilder builder, bool atTheEdge = false)
    {
        ArgumentNullException.ThrowIfNull(builder);

        WrongSettings.StopWithOneLine();
        builder.AddConsoleLogs();
        builder.AddTelemetry(atTheEdge);
        builder.AddLimits();
        builder.AddProblemResponses();
        builder.AddReadiness();
        builder.AddDraining();
        builder.AddBearerTokens();
        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }

    /// <summary>
    /// Checks every setting, then adds the pipeline and the anonymous endpoints <c>/alive</c> and
    /// <c>/health</c>. Call it before mapping endpoints; every endpoint not marked anonymous then
    /// needs a token.
    /// </summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);

        // Before the host starts, which would log each of them with its stack trace.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        ListenAddresses.Check(app.Configuration);

        app.UseProblemResponses();
        app.UseRequestBodies();
        app.UseRequestTimeouts();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapReadiness();
        return app;
    }
}

using Artesanos.StripeSimulator.Control;
using Artesanos.StripeSimulator.Webhooks;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator;

/// <summary>Puts the simulator together; tests start it in their own process.</summary>
internal static class SimulatorApp
{
    /// <param name="args">As on the command line: <c>--urls http://127.0.0.1:0</c>,
    /// <c>--Webhook:Url=…</c>.</param>
    /// <param name="time">The clock; tests may move it.</param>
    public static WebApplication Build(string[] args, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (builder.Environment.IsProduction())
        {
            throw new NotForProductionException();
        }

        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        AddOptions(builder);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<FaultPlan>();
        builder.Services.AddSingleton<WebhookEndpoints>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddHostedService(
            services => services.GetRequiredService<WebhookSender>());
        builder.Services.AddSingleton<StripeAccount>();
        builder.Services.AddSingleton<IdempotencyKeys>();
        builder.Services.AddSingleton<StripeEndpoint>();
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ControlJson.Default));

        var app = builder.Build();
        app.MapGet("/health", static http => http.Response.WriteAsync("Healthy"));
        app.MapGet("/alive", static http => http.Response.WriteAsync("Healthy"));
        app.MapStripe();
        app.MapControl();
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SimulatorOptions>()
            .BindConfiguration(SimulatorOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<WebhookOptions>()
            .BindConfiguration(WebhookOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
    }
}

internal sealed class NotForProductionException() : Exception(
    "The Stripe simulator does not start in Production: it would accept orders for which nobody "
    + "pays. To use Stripe, set Stripe__ApiKey and remove Stripe__ApiBase; to develop, set "
    + "ASPNETCORE_ENVIRONMENT=Development.");

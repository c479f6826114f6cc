using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Artesanos.ServiceDefaults;

/// <summary>Makes every error of the host a problem, wherever in the pipeline it arises.</summary>
internal static class ProblemResponses
{
    public static void AddProblemResponses(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        // Before AddProblemDetails: the first writer that can write does.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<MalformedRequests>();
        // By default a malformed request is answered in Production without saying what is wrong.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => BeStrict(json.SerializerOptions));
    }

    public static void UseProblemResponses(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }

    // A missing field or a null where the record allows none is the caller's error and must not
    // reach a handler, where it would be a NullReferenceException and so a 500.
    private static void BeStrict(JsonSerializerOptions json)
    {
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.AllowDuplicateProperties = false;
        json.NumberHandling = JsonNumberHandling.Strict;
    }
}

using System.Net.Mime;
using Scalar.AspNetCore;

namespace Artesanos.Gateway.Documentation;

/// <summary>
/// <c>/openapi/v1.json</c>: the document of everything public, as it is checked in.
/// <c>/docs</c>: the same as a page to try things on, with nothing loaded from elsewhere.
/// </summary>
internal static class DocumentationPages
{
    private const string DocumentPath = "/openapi/v1.json";
    private const string PagePath = "/docs";

    // The page configures itself in an inline script and style; what it loads is our own.
    private const string PagePolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void MapDocumentation(this WebApplication app)
    {
        var document = Read();
        app.MapGet(DocumentPath,
            () => TypedResults.Bytes(document, MediaTypeNames.Application.Json)).AllowAnonymous();
        app.MapScalarApiReference(PagePath, page =>
        {
            page.Title = "Artesanos API";
            page.OpenApiRoutePattern = DocumentPath;
            page.DefaultFonts = false;
            page.Telemetry = false;
            // What the page offers of its maker's: an assistant, a server for assistants, an
            // application, tools that share the document.
            page.HideClientButton = true;
            page.DisableAgent().DisableMcp().HideDeveloperTools();
        }).AllowAnonymous().AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.ContentSecurityPolicy = PagePolicy;
            return await next(context);
        });
    }

    private static byte[] Read()
    {
        using var resource = typeof(DocumentationPages).Assembly
            .GetManifestResourceStream("openapi.json")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}

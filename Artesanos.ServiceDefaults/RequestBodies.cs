using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// Bodies are taken as they are and in UTF-8; any other declaration is a 415. The framework would
/// ignore a Content-Encoding and read the bytes as if they were plain, and fail on a charset that
/// it does not know.
/// </summary>
internal static class RequestBodies
{
    private const string Identity = "identity";

    public static void UseRequestBodies(this WebApplication app) => app.Use((context, next) =>
    {
        if (IsPlain(context.Request.Headers.ContentEncoding) && IsUtf8(context.Request))
        {
            return next(context);
        }
        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    });

    private static bool IsPlain(string? encoding) =>
        string.IsNullOrEmpty(encoding)
        || encoding.Equals(Identity, StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        || !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset)
            .Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}

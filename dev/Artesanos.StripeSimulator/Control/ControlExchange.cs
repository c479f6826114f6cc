using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Artesanos.StripeSimulator.Control;

/// <summary>Reading and answering of the control API's JSON, with plain errors.</summary>
internal static class ControlExchange
{
    /// <summary>The body; an absent one gives <paramref name="absent"/>. Null where it is no
    /// valid JSON of this type: the answer has been written then.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, T absent)
        where T : class
    {
        if (http.Request.ContentLength is null or 0 && !http.Request.HasJsonContentType())
        {
            return absent;
        }

        try
        {
            return await http.Request.ReadFromJsonAsync(type, http.RequestAborted) ?? absent;
        }
        catch (JsonException error)
        {
            await RefuseAsync(http, 400, error.Message);
        }
        catch (InvalidOperationException)
        {
            await RefuseAsync(http, 415, "The control API takes application/json.");
        }

        return null;
    }

    public static Task RefuseAsync(HttpContext http, int status, string error)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(
            new ControlError(error), ControlJson.Default.ControlError,
            cancellationToken: http.RequestAborted);
    }

    public static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    public static StripeAccount Account(HttpContext http) =>
        http.RequestServices.GetRequiredService<StripeAccount>();
}

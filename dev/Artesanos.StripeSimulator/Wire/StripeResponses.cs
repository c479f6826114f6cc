namespace Artesanos.StripeSimulator.Wire;

/// <summary>Answers, and how they go over the wire.</summary>
internal static class StripeResponses
{
    private const string SlashHint =
        "If you are trying to list objects, remove the trailing slash. If you are trying to "
        + "retrieve an object, make sure you passed a valid (non-empty) identifier in your code. ";

    public static StripeAnswer Of(StripeRefusal refusal, string? logUrl, bool publishable) => new(
        refusal.Status,
        JsonSnapshot.Of(json => ErrorJson.Write(json, refusal, logUrl, publishable)));

    /// <summary>For paths that Stripe does not have, or the simulator does not. Nobody's key is
    /// asked for.</summary>
    public static Task WriteUnknownUrlAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        http.Response.Headers["Request-Id"] = StripeIds.Request();
        http.Response.Headers["Stripe-Version"] = StripeApi.Version;
        var refusal = new StripeRefusal(
            404, "invalid_request_error",
            $"Unrecognized request URL ({http.Request.Method}: {path}). "
            + (path.EndsWith('/') ? SlashHint : "")
            + "Please see https://stripe.com/docs or we can help at https://support.stripe.com/.");
        return WriteAsync(http, Of(refusal, null, publishable: false));
    }

    public static async Task WriteAsync(HttpContext http, StripeAnswer answer)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        response.ContentLength = answer.Body.Length;
        response.Headers.CacheControl = "no-cache, no-store";
        if (answer.Status == 401)
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"Stripe\"";
        }

        // Not cancelled: a client that has gone is Kestrel's business, not an error of ours.
        await response.Body.WriteAsync(answer.Body, CancellationToken.None);
    }
}

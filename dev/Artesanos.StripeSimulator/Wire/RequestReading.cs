using System.Text;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Reads what a request says, with bounds.</summary>
internal static class RequestReading
{
    private const int MaxBodyBytes = 64 * 1024;
    private const string FormType = "application/x-www-form-urlencoded";

    public static async ValueTask<StripeParameters> ReadAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return StripeParameters.Parse(request.QueryString.Value.AsSpan().TrimStart('?'));
        }

        if (request.ContentType is { } type
            && !type.StartsWith(FormType, StringComparison.OrdinalIgnoreCase)
            && request.ContentLength is not (null or 0))
        {
            throw StripeRefusal.Invalid(
                "Invalid request (check that your POST content type is "
                + "application/x-www-form-urlencoded). If you have any questions, we can help at "
                + "https://support.stripe.com/.");
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > MaxBodyBytes)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                throw StripeRefusal.Invalid(
                    $"The simulator reads bodies of up to {MaxBodyBytes} bytes.");
            }

            if (read.IsCompleted)
            {
                var text = Encoding.UTF8.GetString(read.Buffer);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return StripeParameters.Parse(text);
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The version the caller asked for, or ours.</summary>
    public static string Version(HttpRequest request)
    {
        var asked = (string?)request.Headers["Stripe-Version"];
        if (string.IsNullOrEmpty(asked))
        {
            return StripeApi.Version;
        }

        return StripeApi.Exists(asked)
            ? asked
            : throw StripeRefusal.Invalid($"Invalid Stripe API version: {asked}");
    }

    public static string? IdempotencyKey(HttpRequest request)
    {
        var key = (string?)request.Headers["Idempotency-Key"];
        if (string.IsNullOrEmpty(key) || !HttpMethods.IsPost(request.Method))
        {
            return null;
        }

        return key.Length <= IdempotencyKeys.MaxKeyChars
            ? key
            : throw new StripeRefusal(
                400, "idempotency_error",
                $"Idempotency keys can have up to {IdempotencyKeys.MaxKeyChars} characters.");
    }
}

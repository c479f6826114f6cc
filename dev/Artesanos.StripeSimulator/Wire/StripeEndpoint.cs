using Artesanos.StripeSimulator.Control;
using Artesanos.StripeSimulator.Events;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>The way of every request under <c>/v1</c>: key, parameters, faults, idempotency,
/// the operation, the answer.</summary>
internal sealed partial class StripeEndpoint(
    StripeAccount account, IdempotencyKeys keys, FaultPlan faults, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<StripeEndpoint> log)
{
    public async Task HandleAsync(HttpContext http, StripeOperation operation)
    {
        var requestId = StripeIds.Request();
        http.Response.Headers["Request-Id"] = requestId;
        http.Response.Headers["Stripe-Version"] = StripeApi.Version;
        var publishable = false;
        try
        {
            http.Response.Headers["Stripe-Version"] = RequestReading.Version(http.Request);
            var parameters = await RequestReading.ReadAsync(http.Request);
            publishable = ApiKey.IsPublishable(
                http.Request.Headers.Authorization, parameters.Take("key"));
            ThrowUnlessAllowed(operation, publishable);
            operation.Rules.Check(parameters);
            await RunAsync(http, operation, parameters, publishable, requestId);
        }
        catch (StripeRefusal refusal)
        {
            await WriteAsync(http, Answer(refusal, requestId, publishable));
        }
    }

    /// <summary>For paths that Stripe does not have, or the simulator does not.</summary>
    public static Task HandleUnknownAsync(HttpContext http)
    {
        var requestId = StripeIds.Request();
        http.Response.Headers["Request-Id"] = requestId;
        var message = $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path}). "
            + "The simulator models payment intents, charges, refunds, events and webhook "
            + "endpoints.";
        var refusal = new StripeRefusal(404, "invalid_request_error", message);
        return WriteAsync(http, Answer(refusal, requestId, publishable: false));
    }

    private async Task RunAsync(
        HttpContext http, StripeOperation operation, StripeParameters parameters,
        bool publishable, string requestId)
    {
        var id = http.Request.RouteValues["id"] as string ?? "";
        var intent = id.StartsWith("pi_", StringComparison.Ordinal)
            ? id : parameters.Text("payment_intent");
        var prevented = faults.Strike(operation.Name, FaultKind.PreventsExecution, intent);
        if (await IsAbandonedAsync(http, prevented))
        {
            return;
        }

        IdempotentRequest? first = null;
        if (RequestReading.IdempotencyKey(http.Request) is { } key)
        {
            http.Response.Headers["Idempotency-Key"] = key;
            first = keys.Begin(
                key, http.Request.Path.Value!, parameters.Fingerprint(), requestId);
            if (first.Answer is { } known)
            {
                // The network may lose a repeated answer too; the rest strikes executions only.
                var lost = faults.Strike(operation.Name, FaultKind.LosesAnswer, intent);
                await ReplayAsync(http, first, known, lost);
                return;
            }
        }

        var fault = faults.Strike(operation.Name, FaultKind.Accompanies, intent);
        var request = new StripeRequest(
            account, parameters, id, publishable, $"{http.Request.Scheme}://{http.Request.Host}",
            new Origin(requestId, first?.Key));
        if (fault?.Kind == FaultKind.Delay)
        {
            await PauseAsync(fault.Delay);
        }

        var answer = Execute(operation, request, first, fault);
        await RespondAsync(http, fault, answer);
    }

    private static async Task ReplayAsync(
        HttpContext http, IdempotentRequest first, StripeAnswer known, Fault? lost)
    {
        http.Response.Headers["Idempotent-Replayed"] = "true";
        http.Response.Headers["Original-Request"] = first.RequestId;
        if (known.Status >= 500)
        {
            // Repeating this request would only repeat its failure.
            http.Response.Headers["Stripe-Should-Retry"] = "false";
        }

        await RespondAsync(http, lost, known);
    }

    private StripeAnswer Execute(
        StripeOperation operation, StripeRequest request, IdempotentRequest? first, Fault? fault)
    {
        StripeAnswer answer;
        var keep = true;
        try
        {
            lock (account.Gate)
            {
                try
                {
                    answer = fault?.Kind == FaultKind.ServerError
                        ? throw FaultAnswers.ServerError()
                        : new StripeAnswer(200, operation.Execute(request));
                    if (fault?.Kind == FaultKind.ExecutedServerError)
                    {
                        throw FaultAnswers.ServerError();
                    }
                }
                catch (StripeRefusal refusal)
                {
                    // Written under the lock, since it may show the intent.
                    keep = refusal.BeganExecuting;
                    answer = Answer(refusal, request.Origin.RequestId!, request.IsPublishable);
                }
            }
        }
        catch (Exception error)
        {
            LogBroken(error, operation.Name, request.Origin.RequestId!);
            keep = false;
            answer = Answer(
                FaultAnswers.ServerError(), request.Origin.RequestId!, request.IsPublishable);
        }

        if (first is not null)
        {
            if (keep)
            {
                keys.Keep(first, answer);
            }
            else
            {
                keys.Release(first);
            }
        }

        return answer;
    }

    /// <summary>Faults that strike before execution: a refusal, or a connection that ends without
    /// an answer.</summary>
    private async Task<bool> IsAbandonedAsync(HttpContext http, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKind.RateLimited:
                http.Response.Headers["Stripe-Rate-Limited-Reason"] = "global-rate";
                throw FaultAnswers.RateLimited();
            case FaultKind.LockTimeout:
                http.Response.Headers["Stripe-Should-Retry"] = "true";
                throw FaultAnswers.LockTimeout();
            case FaultKind.Unavailable:
                throw FaultAnswers.Unavailable();
            case FaultKind.Timeout:
                await PauseAsync(fault.Delay);
                http.Abort();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Not ended by a client that gives up, since Stripe would carry on too; only by the
    /// end of the simulator.</summary>
    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static async Task RespondAsync(HttpContext http, Fault? fault, StripeAnswer answer)
    {
        if (fault?.Kind == FaultKind.LostResponse)
        {
            http.Abort();
            return;
        }

        await WriteAsync(http, answer);
    }

    private static void ThrowUnlessAllowed(StripeOperation operation, bool publishable)
    {
        if (publishable && !operation.ForBrowsers)
        {
            throw StripeRefusal.Unauthorized(
                "This API call cannot be made with a publishable API key. Please use a secret API "
                + "key.", "secret_key_required");
        }
    }

    private static StripeAnswer Answer(
        StripeRefusal refusal, string requestId, bool publishable) =>
        new(refusal.Status,
            JsonSnapshot.Of(json => ErrorJson.Write(json, refusal, requestId, publishable)));

    private static async Task WriteAsync(HttpContext http, StripeAnswer answer)
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

    [LoggerMessage(LogLevel.Error, "{Operation} broke in request {RequestId}: a bug here")]
    private partial void LogBroken(Exception error, string operation, string requestId);
}

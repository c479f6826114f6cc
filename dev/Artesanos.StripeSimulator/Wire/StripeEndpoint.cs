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
            await StripeResponses.WriteAsync(http, Answer(refusal, requestId, publishable));
        }
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
            http.Response.Headers["Original-Request"] = first.RequestId;
            if (first.Answer is { } known)
            {
                // The network may lose a repeated answer too; the rest strikes executions only.
                var lost = faults.Strike(operation.Name, FaultKind.LosesAnswer, intent);
                await ReplayAsync(http, known, lost);
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
        if (first?.Answer is not null && answer.Status is >= 400 and < 500)
        {
            AdviseAgainstRetry(http);
        }

        await RespondAsync(http, fault, answer);
    }

    /// <summary>The answer is kept under the key: a repetition would only repeat it.</summary>
    private static void AdviseAgainstRetry(HttpContext http) =>
        http.Response.Headers["Stripe-Should-Retry"] = "false";

    private static async Task ReplayAsync(
        HttpContext http, StripeAnswer known, Fault? lost)
    {
        http.Response.Headers["Idempotent-Replayed"] = "true";
        if (known.Status >= 400)
        {
            AdviseAgainstRetry(http);
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

        await StripeResponses.WriteAsync(http, answer);
    }

    private static void ThrowUnlessAllowed(StripeOperation operation, bool publishable)
    {
        if (publishable && !operation.ForBrowsers)
        {
            throw new StripeRefusal(
                403, "invalid_request_error",
                "This API call cannot be made with a publishable API key. Please use a secret API "
                + "key. You can find a list of your API keys at "
                + "https://dashboard.stripe.com/account/apikeys.")
            {
                Code = "secret_key_required"
            };
        }
    }

    private StripeAnswer Answer(StripeRefusal refusal, string requestId, bool publishable)
    {
        // Who has no right to the account has none to its log.
        var log = refusal.Status is 401 or 403
            ? null
            : $"https://dashboard.stripe.com/test/logs/{requestId}"
                + $"?t={time.GetUtcNow().ToUnixTimeSeconds()}";
        return StripeResponses.Of(refusal, log, publishable);
    }

    [LoggerMessage(LogLevel.Error, "{Operation} broke in request {RequestId}: a bug here")]
    private partial void LogBroken(Exception error, string operation, string requestId);
}

namespace Artesanos.StripeSimulator.Control;

/// <summary>The names of the faults, as the control API takes them.</summary>
internal static class FaultKind
{
    // Before execution; nothing is kept under the idempotency key.
    public const string RateLimited = "rate_limited";
    public const string LockTimeout = "lock_timeout";
    public const string Unavailable = "unavailable";
    public const string Timeout = "timeout";

    // Execution began: kept under the key.
    public const string ServerError = "server_error";
    public const string ExecutedServerError = "executed_server_error";
    public const string Delay = "delay";
    public const string LostResponse = "lost_response";

    public const string WebhookDrop = "webhook_drop";
    public const string WebhookDelay = "webhook_delay";
    public const string WebhookDuplicate = "webhook_duplicate";
    public const string WebhookReorder = "webhook_reorder";

    public static bool IsForRequests(string kind) => PreventsExecution(kind) || Accompanies(kind);

    public static bool PreventsExecution(string kind) =>
        kind is RateLimited or LockTimeout or Unavailable or Timeout;

    public static bool Accompanies(string kind) =>
        kind is ServerError or ExecutedServerError or Delay or LostResponse;

    public static bool LosesAnswer(string kind) => kind is LostResponse;

    public static bool IsForWebhooks(string kind) =>
        kind is WebhookDrop or WebhookDelay or WebhookDuplicate or WebhookReorder;

    public static TimeSpan DefaultDelay(string kind) => kind switch
    {
        Timeout => TimeSpan.FromSeconds(30),
        WebhookReorder => TimeSpan.FromSeconds(2),
        _ => TimeSpan.FromSeconds(1)
    };
}

/// <summary>A fault that strikes now.</summary>
internal sealed record Fault(string Kind, TimeSpan Delay);

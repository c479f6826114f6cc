using System.Text.Json.Serialization;

namespace Artesanos.StripeSimulator.Control;

/// <summary>Body of <c>POST /control/faults</c>.</summary>
/// <param name="Kind">One of <see cref="FaultKind"/>.</param>
/// <param name="Target">Operation or event type, a prefix with <c>*</c>; all if left out.</param>
/// <param name="Next">Strikes that many matches; 1 if neither this nor a rate is given.</param>
/// <param name="Rate">Or strikes each match with this probability, 0 to 1.</param>
/// <param name="DelayMs">For the kinds that wait.</param>
/// <param name="Seed">Of the rate's dice.</param>
/// <param name="PaymentIntent">Only requests and events about this intent; all if left out.</param>
internal sealed record FaultRequest(
    string? Kind = null, string? Target = null, int? Next = null, double? Rate = null,
    int? DelayMs = null, int? Seed = null, string? PaymentIntent = null);

internal sealed record FaultState(
    int Id, string Kind, string Target, int? Next, double? Rate, int DelayMs,
    string? PaymentIntent, int Strikes);

/// <summary>Body of the endpoints that settle something: <c>succeeded</c> or <c>failed</c>, for a
/// dispute <c>won</c> or <c>lost</c>.</summary>
internal sealed record OutcomeRequest(string? Outcome, string? Reason);

/// <summary>The state of an object after the control API changed it.</summary>
internal sealed record ObjectState(string Id, string Status);

/// <summary>Answer of <c>GET /control/webhooks</c>; quiet when <c>pending</c> is 0.</summary>
internal sealed record WebhookState(
    long Pending, long Delivered, long Failed, long Dropped, long Attempts);

/// <summary>Body and answer of <c>…/roll_secret</c>.</summary>
internal sealed record RollSecretRequest(int? ExpiresInSeconds);

internal sealed record RolledSecret(string Id, string Secret, int PreviousExpiresInSeconds);

internal sealed record ControlError(string Error);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(FaultRequest))]
[JsonSerializable(typeof(FaultState))]
[JsonSerializable(typeof(FaultState[]))]
[JsonSerializable(typeof(OutcomeRequest))]
[JsonSerializable(typeof(ObjectState))]
[JsonSerializable(typeof(WebhookState))]
[JsonSerializable(typeof(RollSecretRequest))]
[JsonSerializable(typeof(RolledSecret))]
[JsonSerializable(typeof(ControlError))]
internal sealed partial class ControlJson : JsonSerializerContext;

using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

internal static class IntentStatus
{
    public const string RequiresPaymentMethod = "requires_payment_method";
    public const string RequiresConfirmation = "requires_confirmation";
    public const string RequiresAction = "requires_action";
    public const string Processing = "processing";
    public const string RequiresCapture = "requires_capture";
    public const string Succeeded = "succeeded";
    public const string Canceled = "canceled";
}

/// <summary>A payment intent. Read and changed under the account's lock only.</summary>
internal sealed class PaymentIntent(string id, long created) : IStripeObject
{
    public string Id { get; } = id;
    public long Created { get; } = created;
    public string ClientSecret { get; } = StripeIds.ClientSecret(id);

    public required long Amount { get; set; }
    public required string Currency { get; set; }
    public string Status { get; set; } = IntentStatus.RequiresPaymentMethod;
    public long AmountCapturable { get; set; }
    public long AmountReceived { get; set; }

    /// <summary>Null where the request listed the allowed types instead.</summary>
    public string? AllowRedirects { get; init; }
    public IReadOnlyList<string>? AllowedPaymentMethodTypes { get; set; }
    public string CaptureMethod { get; set; } = "automatic_async";
    public string ConfirmationMethod { get; init; } = "automatic";

    public string? Description { get; set; }
    public string? ReceiptEmail { get; set; }
    public string? SetupFutureUsage { get; set; }
    public string? StatementDescriptorSuffix { get; set; }
    public string? TransferGroup { get; set; }
    public IReadOnlyDictionary<string, string> Metadata { get; set; } =
        new Dictionary<string, string>();

    public PaymentMethod? PaymentMethod { get; set; }
    public Charge? LatestCharge { get; set; }
    public StripeRefusal? LastPaymentError { get; set; }
    public NextAction? NextAction { get; set; }
    public long? CanceledAt { get; set; }
    public string? CancellationReason { get; set; }

    public bool CapturesLater => CaptureMethod == "manual";
}

/// <summary>The authentication a shopper has still to do; <paramref name="ReturnUrl"/> is null
/// where Stripe's browser library does it in place.</summary>
internal sealed record NextAction(string Url, string? ReturnUrl);

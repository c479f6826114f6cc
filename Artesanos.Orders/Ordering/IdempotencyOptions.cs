using System.ComponentModel.DataAnnotations;
using Artesanos.Messaging.Data;

namespace Artesanos.Orders.Ordering;

/// <summary>Section <c>Idempotency</c>: how long a key stands for its order.</summary>
internal sealed class IdempotencyOptions : IValidatableObject
{
    public const string Section = "Idempotency";

    /// <summary>At least so long a repeated key is answered as the first time.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(24);

    public Retention Retention =>
        new("idempotency_keys", "customer_id, key", "created_at < $1", KeepFor);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (KeepFor < TimeSpan.FromMinutes(1) || KeepFor > TimeSpan.FromDays(3650))
        {
            yield return new("Idempotency__KeepFor must be between 00:01:00 and 3650.00:00:00 "
                + "(hh:mm:ss or d.hh:mm:ss).");
        }
    }
}

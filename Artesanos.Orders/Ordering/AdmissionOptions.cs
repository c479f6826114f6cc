using System.ComponentModel.DataAnnotations;

namespace Artesanos.Orders.Ordering;

/// <summary>Section <c>Admission</c>: how many orders are let in when more come than the system
/// can take through.</summary>
internal sealed class AdmissionOptions : IValidatableObject
{
    public const string Section = "Admission";

    /// <summary>Orders are let in at such a pace that those inside wait about as long for their
    /// payment to start; who would wait longer than this outside is answered 503.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>So many may always wait inside: a short line is no overload, however slow.</summary>
    [Range(1, 1_000_000,
        ErrorMessage = "Admission__MinLine must be between 1 and 1000000 (orders).")]
    public int MinLine { get; init; } = 256;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxWait < TimeSpan.FromMilliseconds(100) || MaxWait > TimeSpan.FromMinutes(10))
        {
            yield return new("Admission__MaxWait must be between 00:00:00.1 and 00:10:00.");
        }
    }
}

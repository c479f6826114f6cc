using System.ComponentModel.DataAnnotations;

namespace Artesanos.Orders.Saga;

/// <summary>Section <c>Saga</c>: how long each step may take, and what follows.</summary>
internal sealed class SagaOptions : IValidatableObject
{
    public const string Section = "Saga";

    /// <summary>Wait for the reservation; then the command is sent again, then the order fails.</summary>
    public TimeSpan ReserveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait for the payment to start; again once, then the order fails.</summary>
    public TimeSpan PaymentStartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long before the hold expires the payment must have succeeded.</summary>
    public TimeSpan SafetyMargin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>First wait before a confirmation or compensation is sent again; it doubles.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait between two of them.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Unanswered repetitions after which the saga is flagged as stuck.</summary>
    [Range(1, 100, ErrorMessage = "Saga__StuckAfterResends must be between 1 and 100 (commands).")]
    public int StuckAfterResends { get; init; } = 6;

    /// <summary>How often due deadlines are looked for.</summary>
    public TimeSpan DeadlineInterval { get; init; } = TimeSpan.FromSeconds(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string Name, TimeSpan Value)[] durations =
        [
            (nameof(ReserveTimeout), ReserveTimeout),
            (nameof(PaymentStartTimeout), PaymentStartTimeout),
            (nameof(SafetyMargin), SafetyMargin),
            (nameof(RetryDelay), RetryDelay),
            (nameof(MaxRetryDelay), MaxRetryDelay),
            (nameof(DeadlineInterval), DeadlineInterval),
        ];
        // A bare number is a number of days, which this finds out.
        var longest = TimeSpan.FromHours(12);
        return durations
            .Where(duration => duration.Value <= TimeSpan.Zero || duration.Value > longest)
            .Select(duration => new ValidationResult($"{Section}__{duration.Name} must be a "
                + $"duration of more than 00:00:00 and at most {longest} (hh:mm:ss)."));
    }
}

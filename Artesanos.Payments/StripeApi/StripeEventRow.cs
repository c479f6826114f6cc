namespace Artesanos.Payments.StripeApi;

/// <summary>
/// A genuine event, by webhook or fetched. Its id makes the second arrival a no-op.
/// </summary>
internal sealed class StripeEventRow
{
    public required string Id { get; init; }
    public required string Type { get; init; }

    /// <summary>The intent it is about; null for types that are only kept.</summary>
    public string? IntentId { get; init; }

    /// <summary>Its <see cref="EventExcerpt"/>, which holds no secret and no card.</summary>
    public required byte[] Body { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? ProcessedAt { get; init; }

    /// <summary>Until then it belongs to whoever stored or claimed it.</summary>
    public required DateTimeOffset NextTryAt { get; init; }
    public int Tries { get; init; }
}

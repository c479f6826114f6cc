namespace Artesanos.Inventory.Stock;

/// <summary>
/// When stock counts as low: fewer available pieces than the threshold, so that a threshold of 0
/// never alerts. The flag stands on the product row and is decided under its lock, and the alert
/// is sent when the flag goes up: once, whatever the batches and replicas.
/// </summary>
internal static class LowStock
{
    /// <summary>
    /// A hold given back recovers a product only well above its threshold. At the threshold every
    /// abandoned or declined order would otherwise raise the same alert again; without any
    /// recovery, one large order that was never paid would hide the true crossing after it.
    /// </summary>
    public const int RecoveryFactor = 2;

    /// <summary>The flag after an order took or gave back pieces.</summary>
    public static bool AfterOrder(bool isLow, int available, int threshold) =>
        available < threshold || (isLow && available < (long)threshold * RecoveryFactor);

    /// <summary>
    /// The flag after the artisan acted, who knows both figures: no margin. The statements of
    /// <see cref="RestockProduct"/> and of a changed product say the same in SQL.
    /// </summary>
    public static bool AfterArtisan(int available, int threshold) => available < threshold;
}

namespace Artesanos.StripeSimulator.Wire;

internal static class StripeApi
{
    /// <summary>The API version that Stripe.net 53.1.0 pins.</summary>
    public const string Version = "2026-10-28.endive";
}

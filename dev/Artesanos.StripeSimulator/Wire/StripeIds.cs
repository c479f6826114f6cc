using System.Security.Cryptography;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Ids in Stripe's form. They are random and not seeded: the consumer's database may
/// outlive this process, and an id that came back after a restart would look like a duplicate.
/// </summary>
internal static class StripeIds
{
    private const string Alphabet =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string PaymentIntent() => "pi_3" + Random(23);
    public static string Charge() => "ch_3" + Random(23);
    public static string Refund() => "re_3" + Random(23);
    public static string Event() => "evt_3" + Random(23);
    public static string BalanceTransaction() => "txn_3" + Random(23);
    public static string PaymentMethod() => "pm_1" + Random(23);
    public static string Dispute() => "du_1" + Random(23);
    public static string WebhookEndpoint() => "we_1" + Random(23);
    public static long NetworkTransaction() =>
        RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue) * 1000L;
    public static string Reference() =>
        $"7{RandomNumberGenerator.GetInt32(100_000_000, 999_999_999)}000000";
    public static string Request() => "req_" + Random(14);
    public static string ClientSecret(string intentId) => $"{intentId}_secret_{Random(25)}";
    public static string WebhookSecret() => "whsec_" + Random(32);

    private static string Random(int chars) => RandomNumberGenerator.GetString(Alphabet, chars);
}

using System.Globalization;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Stripe's rules for amounts (minor units) and currencies (lower-case ISO 4217).
/// </summary>
internal static class Money
{
    private const long MaxAmountMinor = 99_999_999;

    // https://docs.stripe.com/currencies#presentment-currencies
    private static readonly HashSet<string> Currencies = new(
        ("aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob "
        + "brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp "
        + "etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk "
        + "jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga "
        + "mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen "
        + "pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd "
        + "std szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf "
        + "xcd xof xpf yer zar zmw").Split(' '), StringComparer.Ordinal);

    // https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
    private static readonly Dictionary<string, long> MinimumsMinor = new(StringComparer.Ordinal)
    {
        ["aed"] = 200,
        ["bgn"] = 100,
        ["czk"] = 1500,
        ["dkk"] = 250,
        ["gbp"] = 30,
        ["hkd"] = 400,
        ["huf"] = 17500,
        ["jpy"] = 50,
        ["mxn"] = 1000,
        ["myr"] = 200,
        ["nok"] = 300,
        ["pln"] = 200,
        ["ron"] = 200,
        ["sek"] = 300,
        ["thb"] = 1000
    };

    // https://docs.stripe.com/currencies#zero-decimal
    private static readonly string[] NoDecimals =
    [
        "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf",
        "xof", "xpf"
    ];

    private static readonly string[] ThreeDecimals = ["bhd", "jod", "kwd", "omr", "tnd"];
    private static readonly decimal[] Powers = [1, 10, 100, 1000];

    private static readonly Dictionary<string, string> Symbols = new(StringComparer.Ordinal)
    {
        ["aud"] = "$",
        ["cad"] = "$",
        ["eur"] = "€",
        ["gbp"] = "£",
        ["jpy"] = "¥",
        ["mxn"] = "$",
        ["usd"] = "$"
    };

    public static string Currency(StripeParameters parameters)
    {
        var currency = parameters.Required("currency").ToLowerInvariant();
        return Currencies.Contains(currency)
            ? currency
            : throw StripeRefusal.Invalid(
                $"Invalid currency: {currency}. Stripe currently supports these currencies: "
                + string.Join(", ", Currencies.Order(StringComparer.Ordinal)
                    .OrderBy(known => known != "usd")), "currency");
    }

    public static long Amount(StripeParameters parameters, string currency)
    {
        var amount = parameters.Integer("amount")
            ?? throw StripeRefusal.MissingParameter("amount");
        if (amount < 1)
        {
            throw StripeRefusal.Invalid(
                "This value must be greater than or equal to 1.",
                "amount", "parameter_invalid_integer");
        }

        if (amount > MaxAmountMinor)
        {
            throw StripeRefusal.Invalid(
                $"Amount must be no more than {Format(MaxAmountMinor, currency)}",
                "amount", "amount_too_large");
        }

        var minimum = MinimumsMinor.GetValueOrDefault(currency, 50);
        return amount >= minimum
            ? amount
            : throw StripeRefusal.Invalid(
                $"Amount must be at least {Format(minimum, currency)} {currency}",
                "amount", "amount_too_small");
    }

    /// <summary>As Stripe writes it in messages: <c>€25.99</c>, <c>¥500</c>.</summary>
    public static string Format(long amountMinor, string currency)
    {
        var decimals = NoDecimals.Contains(currency) ? 0
            : ThreeDecimals.Contains(currency) ? 3
            : 2;
        var symbol = Symbols.GetValueOrDefault(currency, currency.ToUpperInvariant() + " ");
        var amount = amountMinor / Powers[decimals];
        return symbol + amount.ToString($"N{decimals}", CultureInfo.InvariantCulture);
    }
}

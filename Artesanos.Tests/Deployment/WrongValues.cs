namespace Artesanos.Tests.Deployment;

/// <summary>What an operator may write by mistake: unreadable, and out of range.</summary>
internal static class WrongValues
{
    /// <summary>A value that is never right, and that no message may quote.</summary>
    public const string Nonsense = "nonsense";

    /// <summary>Where any text is right.</summary>
    private static readonly string[] FreeText = ["ASPNETCORE_ENVIRONMENT", "OTEL_SERVICE_NAME"];

    private static readonly string[] ZeroIsRight =
        ["Stripe__MaxNetworkRetries", "Stripe__MaxTransientDeclines", "Drain__Delay"];

    /// <summary>A text's type does not say what is wrong, so that a new one needs a line.</summary>
    private static readonly Dictionary<string, string[]> Texts = new()
    {
        ["ASPNETCORE_URLS"] = [Nonsense, "http://+:99999", "https://+:8080"],
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = [Nonsense, "collector:4317"],
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = [Nonsense],
        ["OTEL_TRACES_SAMPLER"] = [Nonsense],
        ["Auth__Authority"] = [Nonsense, "ftp://login.example"],
        ["Auth__Audience"] = [" "],
        ["Auth__Issuer"] = [" "],
        ["Auth__RoleClaim"] = [" "],
        ["Auth__PublicKey"] = [Nonsense, "", "bm9uc2Vuc2U="],
        ["Auth__SigningKey"] = [Nonsense, "bm9uc2Vuc2U="],
        ["ConnectionStrings__orders-db"] = Databases,
        ["ConnectionStrings__payments-db"] = Databases,
        ["ConnectionStrings__inventory-db"] = Databases,
        ["ConnectionStrings__nats"] = ["", Nonsense, "http://nats:4222", "nats://nats:99999"],
        ["Nats__NKeySeed"] = [Nonsense],
        ["Nats__CaFile"] = ["/nowhere/ca.pem"],
        ["Nats__InboxPrefix"] = ["_INBOX.>"],
        ["Database__ServiceRole"] = ["Robert'); DROP TABLE"],
        ["Stripe__ApiKey"] = ["", Nonsense, "pk_test_1"],
        ["Stripe__ApiBase"] = [Nonsense, "localhost:12111"],
        ["Stripe__WebhookSecrets__0"] = ["", Nonsense],
        ["Stripe__WebhookSecrets__1"] = [Nonsense],
        ["Notifications__Smtp__Host"] = ["smtp://smtp.example", "smtp.example:587"],
        ["Notifications__Smtp__User"] = [Nonsense],
        ["Notifications__Smtp__Password"] = [Nonsense],
        ["Notifications__Smtp__From"] = ["", Nonsense],
        ["Notifications__Smtp__To"] = ["", Nonsense],
        ["services__orders__http__0"] = Addresses,
        ["services__payments__http__0"] = Addresses,
        ["services__inventory__http__0"] = Addresses,
        ["Traffic__TrustedProxies__0"] = [Nonsense, "10.0.0.0/99"],
        ["Cors__Origins__0"] = [Nonsense, "https://shop.example/path", "*"],
    };

    private static string[] Databases =>
        ["", Nonsense, "Database=orders", "Host=postgres;Port=nonsense", "Host=postgres;Port=-1"];

    private static string[] Addresses => ["", Nonsense, "nats://orders:8080"];

    public static IEnumerable<string> Of(Variable variable) => variable.Type switch
    {
        _ when FreeText.Contains(variable.Name) => [],
        var type when type == typeof(string) => Texts.TryGetValue(variable.Name, out var texts)
            ? texts
            : throw new InvalidOperationException($"Say which text is wrong for {variable.Name}."),
        var type when type == typeof(bool) => [Nonsense, "2"],
        var type when type == typeof(TimeSpan) =>
            [Nonsense, "-00:00:01", $"{TimeSpan.MaxValue}", .. Zero(variable, "00:00:00")],
        { IsEnum: true } => [Nonsense, "-1", "99"],
        var type when type == typeof(int) =>
            [Nonsense, "-1", "1.5", $"{int.MaxValue}", .. Zero(variable, "0")],
        _ => [Nonsense, "-1", "1.5", $"{long.MaxValue}", .. Zero(variable, "0")],
    };

    private static IEnumerable<string> Zero(Variable variable, string zero) =>
        ZeroIsRight.Contains(variable.Name) ? [] : [zero];
}

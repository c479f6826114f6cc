using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Artesanos.Gateway.Traffic;
using Artesanos.Inventory.Notifications;
using Artesanos.Messaging;
using Artesanos.Orders.Saga;
using Artesanos.Payments.StripeApi;
using Artesanos.ServiceDefaults;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary><c>.env.example</c> has every variable of every service, and no other.</summary>
public sealed partial class EnvironmentExampleTests
{
    /// <summary>What is read by its name, and not through a class of options.</summary>
    private static readonly string[] ByName =
    [
        "ASPNETCORE_ENVIRONMENT", "ASPNETCORE_URLS",
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_SERVICE_NAME",
        "OTEL_TRACES_SAMPLER", "OTEL_SDK_DISABLED",
        "ConnectionStrings__orders-db", "ConnectionStrings__payments-db",
        "ConnectionStrings__inventory-db", "ConnectionStrings__nats",
        "services__orders__http__0", "services__payments__http__0", "services__inventory__http__0",
        "Auth__SigningKey", "Metrics__Port",
    ];

    /// <summary>Lists that are shown with a second entry.</summary>
    private static readonly string[] Further = ["Stripe__WebhookSecrets__1"];

    [Fact]
    public void The_example_has_every_variable_and_no_other()
    {
        Assembly[] services =
        [
            typeof(SagaOptions).Assembly, typeof(StripeOptions).Assembly,
            typeof(NotificationOptions).Assembly, typeof(MessagingOptions).Assembly,
            typeof(AuthOptions).Assembly, typeof(TrafficOptions).Assembly,
        ];
        var wanted = services.SelectMany(service => service.GetTypes())
            .SelectMany(type => type.GetField("Section")?.GetRawConstantValue() is string section
                ? Variables(section, type) : [])
            .Concat(ByName).Concat(Further);

        var shown = Repository.Read(".env.example").Split('\n')
            .Select(line => Variable().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups["name"].Value).ToList();

        Assert.Equal(wanted.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Variables(string prefix, Type options) =>
        options.GetProperties().Where(property => property.SetMethod is not null)
            .SelectMany(property => (Name: $"{prefix}__{property.Name}", property.PropertyType) switch
            {
                var (name, type) when type != typeof(string)
                    && type.IsAssignableTo(typeof(IEnumerable)) => [$"{name}__0"],
                var (name, type) when type.Assembly == options.Assembly && type.IsClass =>
                    Variables(name, type),
                var (name, _) => [name],
            });

    [GeneratedRegex("^#(?<name>[A-Za-z]\\w*(?:[-\\w]*))=", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}

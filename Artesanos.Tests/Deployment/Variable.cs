using System.Collections;
using System.Reflection;
using Artesanos.Gateway.Traffic;
using Artesanos.Inventory.Notifications;
using Artesanos.Messaging;
using Artesanos.Orders.Saga;
using Artesanos.Payments.StripeApi;
using Artesanos.ServiceDefaults;

namespace Artesanos.Tests.Deployment;

/// <summary>A variable of the environment that a service reads.</summary>
/// <param name="Name">As in <c>.env.example</c>.</param>
/// <param name="Type">Of its value.</param>
/// <param name="Services">Who reads it.</param>
internal sealed record Variable(string Name, Type Type, IReadOnlyList<string> Services)
{
    private static readonly string[] Every = ["orders", "payments", "inventory", "gateway"];
    private static readonly string[] WithMessages = ["orders", "payments", "inventory"];

    /// <summary>Whose classes of options are whose.</summary>
    private static readonly (Assembly Assembly, string[] Services)[] Owners =
    [
        (typeof(AuthOptions).Assembly, Every),
        (typeof(MessagingOptions).Assembly, WithMessages),
        (typeof(SagaOptions).Assembly, ["orders"]),
        (typeof(StripeOptions).Assembly, ["payments"]),
        (typeof(NotificationOptions).Assembly, ["inventory"]),
        (typeof(TrafficOptions).Assembly, ["gateway"]),
    ];

    /// <summary>What is read by its name, and not through a class of options.</summary>
    private static readonly Variable[] ByName =
    [
        Text("ASPNETCORE_ENVIRONMENT", Every), Text("ASPNETCORE_URLS", Every),
        Text("OTEL_EXPORTER_OTLP_ENDPOINT", Every), Text("OTEL_EXPORTER_OTLP_PROTOCOL", Every),
        Text("OTEL_SERVICE_NAME", Every), Text("OTEL_TRACES_SAMPLER", Every),
        new("OTEL_SDK_DISABLED", typeof(bool), Every),
        Text("ConnectionStrings__orders-db", "orders"),
        Text("ConnectionStrings__payments-db", "payments"),
        Text("ConnectionStrings__inventory-db", "inventory"),
        Text("ConnectionStrings__nats", WithMessages),
        Text("services__orders__http__0", "gateway"),
        Text("services__payments__http__0", "gateway"),
        Text("services__inventory__http__0", "gateway"),
        Text("Auth__SigningKey", "gateway"), new("Metrics__Port", typeof(int), ["gateway"]),
        // A list that is shown with a second entry.
        Text("Stripe__WebhookSecrets__1", "payments"),
    ];

    public static IReadOnlyList<Variable> All { get; } =
        [.. Owners.SelectMany(owner => owner.Assembly.GetTypes()
            .SelectMany(type => type.GetField("Section")?.GetRawConstantValue() is string section
                ? Of(section, type, owner.Services) : [])), .. ByName];

    /// <summary>As the configuration knows it.</summary>
    public string Key => Name switch
    {
        "ASPNETCORE_URLS" => "urls",
        _ => Name.Replace("__", ":", StringComparison.Ordinal),
    };

    private static Variable Text(string name, params string[] services) =>
        new(name, typeof(string), services);

    private static IEnumerable<Variable> Of(string prefix, Type options, string[] services) =>
        options.GetProperties().Where(property => property.SetMethod is not null)
            .SelectMany(property => ($"{prefix}__{property.Name}", property.PropertyType) switch
            {
                var (name, type) when type != typeof(string)
                    && type.IsAssignableTo(typeof(IEnumerable)) => [Text($"{name}__0", services)],
                var (name, type) when type.Assembly == options.Assembly && type.IsClass =>
                    Of(name, type, services),
                var (name, type) =>
                    [new(name, Nullable.GetUnderlyingType(type) ?? type, services)],
            });
}

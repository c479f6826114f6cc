using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Contracts;
using Artesanos.ServiceDefaults;

namespace Artesanos.Tests.Documents;

/// <summary>
/// What one service sends and receives, as an AsyncAPI 3.0 document made from the contracts and
/// from the consumers it declares.
/// </summary>
internal static class AsyncApi
{
    private static readonly JsonSchemaExporterOptions Schema = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Comment,
    };

    /// <param name="service">orders, payments or inventory.</param>
    public static JsonObject Describe(string service, IReadOnlyList<Subscription> subscriptions)
    {
        var sent = MessageTypes.All.Where(type => SenderOf(type) == service).ToList();
        var received = MessageTypes.All
            .Where(type => subscriptions.Any(s => s.Matches(type.Subject))).ToList();
        var all = sent.Union(received).OrderBy(type => type.Subject, StringComparer.Ordinal)
            .ToList();
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = $"Artesanos {service}",
                ["version"] = "1.0.0",
                ["description"] = "Messages over NATS JetStream. Fields are only ever added; a "
                    + "breaking change is a new message beside the old one.",
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = Map(all, Channel),
            ["operations"] = new JsonObject(
            [
                .. sent.Select(type => Operation("send", type, null)),
                .. received.Select(type => Operation(
                    "receive", type, subscriptions.First(s => s.Matches(type.Subject)))),
            ]),
            ["components"] = new JsonObject
            {
                ["messages"] = Map(all, Message),
                ["schemas"] = new JsonObject { ["headers"] = Headers() },
            },
        };
    }

    /// <summary>Orders commands, every service tells of itself.</summary>
    public static string SenderOf(MessageType type) =>
        type.Subject.Split('.') is [_, "commands", _] ? "orders" : type.Stream;

    private static JsonObject Map(
        IEnumerable<MessageType> types, Func<MessageType, JsonObject> describe) =>
        new(types.Select(type => KeyValuePair.Create(type.Name, (JsonNode?)describe(type))));

    private static JsonObject Channel(MessageType type) => new()
    {
        ["address"] = type.Subject,
        ["description"] = $"JetStream stream `{type.Stream}`.",
        ["messages"] = new JsonObject { [type.Name] = Ref($"components/messages/{type.Name}") },
    };

    private static KeyValuePair<string, JsonNode?> Operation(
        string action, MessageType type, Subscription? subscription)
    {
        var operation = new JsonObject
        {
            ["action"] = action,
            ["channel"] = Ref($"channels/{type.Name}"),
            ["messages"] = new JsonArray(Ref($"channels/{type.Name}/messages/{type.Name}")),
        };
        if (subscription is not null)
        {
            operation["description"] = $"Durable consumer `{subscription.Durable}` of "
                + $"`{subscription.Filter}`, acknowledged after the commit.";
        }
        return new($"{action}{type.Name}", operation);
    }

    private static JsonObject Message(MessageType type) => new()
    {
        ["name"] = type.Name,
        ["title"] = type.Name,
        ["summary"] = XmlComments.Of(type.Json.Type),
        ["headers"] = Ref("components/schemas/headers"),
        ["payload"] = type.Json.GetJsonSchemaAsNode(Schema),
    };

    private static JsonObject Headers() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray(
            "Nats-Msg-Id", "ce-id", "ce-type", "ce-source", "ce-subject", "ce-time",
            "ce-specversion", "content-type"),
        ["properties"] = new JsonObject
        {
            ["Nats-Msg-Id"] = Header("By which JetStream drops duplicates: the outbox row's id."),
            ["ce-id"] = Header("The same id; receivers drop what they have handled."),
            ["ce-type"] = Header("The name of the message."),
            ["ce-source"] = Header("The service, such as `/Artesanos.Orders`."),
            ["ce-subject"] = Header("The order (low stock: the product); it keeps its sequence."),
            ["ce-time"] = Header("When it was decided."),
            ["ce-specversion"] = Header("`1.0`"),
            ["content-type"] = Header("`application/json`"),
            ["traceparent"] = Header("W3C trace context."),
        },
    };

    private static JsonObject Header(string description) =>
        new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Ref(string path) => new() { ["$ref"] = $"#/{path}" };

    private static JsonNode Comment(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is JsonObject described
            && context.PropertyInfo?.AttributeProvider is System.Reflection.PropertyInfo property
            && XmlComments.Of(property) is { } comment)
        {
            described["description"] = comment;
        }
        return schema;
    }
}

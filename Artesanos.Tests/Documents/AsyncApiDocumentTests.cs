using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Artesanos.Inventory.Data;
using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Data;
using Artesanos.Payments.Data;
using Artesanos.Tests.Gateway;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary>The AsyncAPI documents that are checked in say what the services do.</summary>
public sealed partial class AsyncApiDocumentTests
{
    /// <summary>For whoever builds beside this system; no service of it needs to hear them.</summary>
    private static readonly string[] ForOthers = ["OrderCreated", "OrderConfirmed"];

    [Fact]
    public void The_documents_checked_in_are_made_from_the_contracts()
    {
        foreach (var (service, document) in Documents())
        {
            CheckedIn.Same($"docs/asyncapi/{service}.json", document, "*AsyncApiDocumentTests");
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        foreach (var (service, document) in Documents())
        {
            var references = Reference().Matches(document.ToJsonString());
            Assert.NotEmpty(references);
            Assert.All(references, reference => Assert.True(
                Follow(document, reference.Groups["path"].Value) is not null,
                $"{service}: {reference.Value}"));
        }
    }

    [Fact]
    public void Every_message_has_one_sender_and_somebody_who_listens()
    {
        var operations = Documents()
            .SelectMany(pair => pair.Document["operations"]!.AsObject())
            .Select(operation => operation.Key).ToList();
        Assert.All(MessageTypes.All, type =>
        {
            Assert.Single(operations, $"send{type.Name}");
            Assert.Equal(
                !ForOthers.Contains(type.Name), operations.Contains($"receive{type.Name}"));
        });
    }

    [Fact]
    public void The_table_of_messages_has_every_subject()
    {
        var table = Repository.Read("docs", "events.md");
        Assert.All(MessageTypes.All, type => Assert.Contains($"`{type.Subject}`", table));
    }

    private static List<(string Service, JsonObject Document)> Documents() =>
    [
        ("orders", Describe<OrdersDbContext>("orders")),
        ("payments", Describe<PaymentsDbContext>("payments")),
        ("inventory", Describe<InventoryDbContext>("inventory")),
    ];

    private static JsonObject Describe<TAny>(string service) where TAny : class
    {
        using var host = new OfflineHost<TAny>();
        return AsyncApi.Describe(
            service, host.Services.GetRequiredService<IReadOnlyList<Subscription>>());
    }

    private static JsonNode? Follow(JsonNode document, string path) => path.Split('/')
        .Aggregate((JsonNode?)document, (node, name) => node is JsonObject o ? o[name] : null);

    [GeneratedRegex("\"#/(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}

using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Artesanos.Gateway.Routing;
using Artesanos.Inventory.Data;
using Artesanos.Orders.Data;
using Artesanos.Payments.Data;
using Artesanos.Tests.Gateway;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary>
/// The documents that are checked in are those that the services serve: a change of the API is
/// seen in review.
/// </summary>
public sealed partial class OpenApiDocumentTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_documents_checked_in_are_those_that_the_services_serve()
    {
        var services = await ServicesAsync();
        foreach (var (name, document) in services)
        {
            CheckedIn.Same($"docs/openapi/{name}.json", document, "*OpenApiDocumentTests");
        }
        CheckedIn.Same(
            "docs/openapi/gateway.json",
            OpenApiMerge.Merge(services.Select(service => service.Document)),
            "*OpenApiDocumentTests");
    }

    [Fact]
    public async Task The_gateway_serves_the_merged_document_and_a_page_with_local_assets()
    {
        await using var gateway = new OfflineHost<DestinationsKnown>();
        using var client = gateway.CreateClient();

        var document = await client.GetStringAsync("/openapi/v1.json", Ct);
        using var page = await client.GetAsync("/docs", Ct);
        var html = await page.Content.ReadAsStringAsync(Ct);
        using var script = await client.GetAsync("/docs/scalar.js", Ct);

        Assert.Equal(Repository.Read("docs/openapi/gateway.json"), document);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("script-src 'self'",
            Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
        Assert.DoesNotMatch(Elsewhere(), html);
    }

    private static async Task<List<(string Name, JsonObject Document)>> ServicesAsync()
    {
        await using var orders = new OfflineHost<OrdersDbContext>();
        await using var payments = new OfflineHost<PaymentsDbContext>();
        await using var inventory = new OfflineHost<InventoryDbContext>();
        return
        [
            ("orders", await DocumentAsync(orders.CreateClient())),
            ("payments", await DocumentAsync(payments.CreateClient())),
            ("inventory", await DocumentAsync(inventory.CreateClient())),
        ];
    }

    private static async Task<JsonObject> DocumentAsync(HttpClient client)
    {
        using (client)
        {
            return JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", Ct))!.AsObject();
        }
    }

    // What a page loads by itself; links that a person follows are fine.
    [GeneratedRegex("""(src|url\()\s*=?\s*["']?https?://""")]
    private static partial Regex Elsewhere();
}

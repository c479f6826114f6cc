namespace Artesanos.Orders.Ordering;

/// <summary>What the API document shows; a test holds it to the schemas.</summary>
internal static class OrderExamples
{
    private const string Id = "01a20cda-7db0-7cbb-affe-231f132e9517";
    private const string Product = "01970000-0000-7000-8000-000000000001";

    public const string Place = $$"""
        {"lines":[{"productId":"{{Product}}","quantity":2}],
         "paymentMethodId":"pm_card_visa","expectedTotalMinor":7700}
        """;

    public const string Placed = $$"""
        {"id":"{{Id}}","status":"STARTED","placedAt":"2026-11-24T09:19:35.344105+00:00"}
        """;

    public const string Completed = $$"""
        {"id":"{{Id}}","status":"COMPLETED","reason":null,{{Rest}}}
        """;

    public const string Cancelling = $$"""
        {"id":"{{Id}}","status":"COMPENSATING","reason":"cancelled_by_customer",{{Rest}}}
        """;

    public const string Cancelled = $$"""
        {"id":"{{Id}}","status":"CANCELLED","reason":"cancelled_by_customer",{{Rest}}}
        """;

    public const string Page = $$"""
        {"items":[{{Completed}}],"next":null}
        """;

    public const string History = """
        [{"status":"STARTED","at":"2026-11-24T09:19:35.344105+00:00","cause":"OrderPlaced"},
         {"status":"STOCK_RESERVED","at":"2026-11-24T09:19:35.362053+00:00",
          "cause":"InventoryReserved"}]
        """;

    /// <summary>Text, so it stands in the document as one JSON string.</summary>
    public const string Events = """
        "event: status\ndata: {\"status\":\"STARTED\",\"at\":\"2026-11-24T09:19:35.344105+00:00\",\"cause\":\"OrderPlaced\"}\nid: 1\n\nevent: heartbeat\ndata: \n\n"
        """;

    private const string Rest = $$"""
        "lines":[{"productId":"{{Product}}","quantity":2,
          "name":"Jarra de cerámica verde de Úbeda","unitPriceMinor":3850}],
         "totalMinor":7700,"currency":"EUR","placedAt":"2026-11-24T09:19:35.344105+00:00",
         "updatedAt":"2026-11-24T09:19:35.423658+00:00"
        """;
}

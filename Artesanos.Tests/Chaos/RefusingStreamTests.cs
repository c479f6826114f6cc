using NATS.Client.JetStream;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>NATS is there, but one stream takes no message.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class RefusingStreamTests(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_that_refuses_holds_up_its_own_messages_only_and_loses_none()
    {
        var product = await topology.NewProductAsync(stock: 4, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var paid = new List<Guid>();

        await LimitPaymentsAsync(bytes: 1);
        try
        {
            for (var i = 0; i < 4; i++)
            {
                paid.Add(await shopper.PlaceAsync(product, 1, Ct));
            }
            // Enough of them to follow a refused message in every lane of the publisher.
            for (var i = 0; i < 12; i++)
            {
                var refused = await shopper.PlaceAsync(Guid.CreateVersion7(), 1, Ct);
                await shopper.WaitForAsync(refused, "FAILED", Ct);
            }
            foreach (var order in paid)
            {
                await shopper.WaitForAsync(order, "STOCK_RESERVED", Ct);
            }
        }
        finally
        {
            await LimitPaymentsAsync(bytes: -1);
        }

        foreach (var order in paid)
        {
            await shopper.WaitForAsync(order, "COMPLETED", Ct);
        }
        await topology.AssertInvariantsAsync();
    }

    private async Task LimitPaymentsAsync(int bytes)
    {
        await using var connection = await topology.ConnectToNatsAsync(Ct);
        var jetStream = new NatsJSContext(connection);
        var stream = await jetStream.GetStreamAsync("payments", cancellationToken: Ct);
        await jetStream.UpdateStreamAsync(stream.Info.Config with { MaxMsgSize = bytes }, Ct);
    }
}

using Artesanos.Dashboard.Telemetry;
using Artesanos.Dashboard.Telemetry.Logs;
using Microsoft.Extensions.Logging;
using Xunit;
using static Artesanos.Tests.Dashboard.TelemetrySamples;

namespace Artesanos.Tests.Dashboard;

public sealed class LogStoreTests
{
    [Fact]
    public void Records_beyond_the_limit_push_out_the_oldest()
    {
        var store = new LogStore(new TelemetryLimits { LogRecords = 100 });
        store.Add(Enumerable.Range(0, 50).Select(i => Log(i, service: "gone")));
        store.Add(Enumerable.Range(50, 5000).Select(i => Log(i)));

        Assert.Equal(100, store.Kept.Records);
        var (entries, more) = store.Find(new LogFilter(), 30);
        Assert.Equal(Enumerable.Range(5020, 30).Reverse(), entries.Select(e => (int)e.Number));
        Assert.Equal(70, more);
        Assert.Equal(["orders"], store.Services());
    }

    [Fact]
    public void Long_messages_are_counted_too()
    {
        var store = new LogStore(new TelemetryLimits { LogBytes = 1_000_000 });
        store.Add(Enumerable.Range(0, 1000).Select(i =>
            Log(i, message: new string('x', 4_000))));

        Assert.InRange(store.Kept.Bytes, 900_000, 1_000_000);
    }

    [Fact]
    public void Records_are_found_by_level_service_text_and_trace()
    {
        var store = new LogStore(new TelemetryLimits());
        store.Add(
        [
            Log(1, LogLevel.Warning, message: "The outbox does not drain."),
            Log(2, LogLevel.Error, "payments", trace: "t1"),
            Log(3, attributes: new TelemetryField("OrderId", "order-4711")),
        ]);

        Assert.Equal([2, 1], Find(new LogFilter(LogLevel.Warning)));
        Assert.Equal([2], Find(new LogFilter(Service: "payments")));
        Assert.Equal([1], Find(new LogFilter(Text: "OUTBOX")));
        Assert.Equal([3], Find(new LogFilter(Text: "4711")));
        Assert.Equal([2], Find(new LogFilter(TraceId: "t1")));

        IEnumerable<long> Find(LogFilter filter) =>
            store.Find(filter, 10).Entries.Select(entry => entry.Number);
    }

    [Fact]
    public void A_record_about_a_message_belongs_to_the_order_that_is_its_key()
    {
        var entry = Log(1, attributes:
            [new TelemetryField("Key", "order"), new TelemetryField("MessageId", "m")]);

        Assert.Equal(("order", "m"), (entry.OrderId, entry.MessageId));
    }
}

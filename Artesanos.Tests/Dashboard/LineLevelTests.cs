using Artesanos.Dashboard.Engine;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>Every program spells the level of a line in its own way.</summary>
public sealed class LineLevelTests
{
    [Theory]
    [InlineData("14:30:41.765 info: Microsoft.Hosting.Lifetime[14] Now listening", "Information")]
    [InlineData("14:30:42.806 warn: Artesanos.ServiceDefaults[6] Not ready", "Warning")]
    [InlineData("14:30:42.806 fail: Artesanos.Messaging[6] It broke", "Error")]
    [InlineData("""{"Timestamp":"…","LogLevel":"Critical","Category":"x"}""", "Error")]
    [InlineData("2026-11-24 14:34 UTC [30565] LOG:  listening", "Information")]
    [InlineData("2026-11-24 14:34 UTC [30565] FATAL:  no pg_hba.conf entry", "Error")]
    [InlineData("[1] 2026/11/24 14:34:29.1 [WRN] slow consumer", "Warning")]
    [InlineData("[1] 2026/11/24 14:34:29.1 [INF] Server is ready", "Information")]
    [InlineData("time=2026-11-24T14:34:29Z level=ERROR msg=\"scrape failed\"", "Error")]
    [InlineData("Unhandled exception. System.InvalidOperationException: no", "Error")]
    [InlineData("the word ERROR in a message", "Information")]
    public void A_lines_level_is_read_from_its_beginning(string line, string level) =>
        Assert.Equal(level, LineLevels.Of(line).ToString());
}

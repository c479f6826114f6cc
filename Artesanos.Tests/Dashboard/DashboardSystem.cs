using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>
/// A topology of its own with the dashboard beside it, and a real browser that looks at it. All
/// tests of pages share it.
/// </summary>
public sealed class DashboardSystem : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Topology Topology { get; } = new WatchedTopology();

    /// <summary>Address of the dashboard, with its token.</summary>
    internal Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var chromium = Chromium.Find();
        if (chromium is null)
        {
            return; // Each test says so.
        }
        await Topology.InitializeAsync();
        var configuration = Topology.App.Services.GetRequiredService<IConfiguration>();
        await Eventually.TrueAsync(
            () => Task.FromResult(configuration["Dashboard:Url"] is not null),
            Patience, "the dashboard answers", CancellationToken.None);
        Address = new Uri(configuration["Dashboard:Url"]!);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            // Chromium refuses its sandbox to root, as who CI runs.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    /// <summary>A visitor who has logged in, and every error of whose console is kept.</summary>
    internal async Task<Visitor> VisitAsync(ColorScheme colours = ColorScheme.Light)
    {
        Chromium.Require();
        var context = await _browser!.NewContextAsync(new()
        {
            ColorScheme = colours,
            ViewportSize = new() { Width = 1400, Height = 900 },
        });
        var visitor = new Visitor(await context.NewPageAsync(), Address);
        await visitor.LogInAsync();
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
        _playwright?.Dispose();
        await Topology.DisposeAsync();
    }

    private sealed class WatchedTopology() : Topology("--Dashboard=on");
}

/// <summary>They need their topology for themselves and start it once.</summary>
[CollectionDefinition("Dashboard", DisableParallelization = true)]
public sealed class DashboardPages : ICollectionFixture<DashboardSystem>;

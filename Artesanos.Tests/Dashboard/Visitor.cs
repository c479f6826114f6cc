using Microsoft.Playwright;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>
/// Somebody who looks at the dashboard's pages. Errors of the console fail the test.
/// </summary>
internal sealed class Visitor : IAsyncDisposable
{
    private const float PatienceMilliseconds = 15_000;

    private readonly List<string> _errors = [];
    private readonly Uri _address;

    public Visitor(IPage page, Uri address)
    {
        (Page, _address) = (page, address);
        page.SetDefaultTimeout(PatienceMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _errors.Add(message.Text);
        };
        page.PageError += (_, error) => _errors.Add(error);
    }

    public IPage Page { get; }

    public Task LogInAsync() => Page.GotoAsync(_address.ToString());

    public Task OpenAsync(string path) => Page.GotoAsync(new Uri(_address, path).ToString());

    /// <summary>A row of the resources.</summary>
    public ILocator Resource(string id) => Page.Locator($"tr[data-resource={id}]");

    /// <summary>A state of an order's diagram that looks so.</summary>
    public ILocator State(string state, string look) =>
        Page.Locator($"g[data-state='{state}'].{look}");

    /// <summary>A row of an order's messages.</summary>
    public ILocator Message(string subject) => Page.Locator($"tr[data-subject='{subject}']");

    /// <summary>What one service knows about an order.</summary>
    public ILocator Part(string name) => Page.Locator($"[data-part={name}]");

    public Task PressAsync(string button) =>
        Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public Task SeesAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    /// <summary>
    /// For whoever wants to look: with DASHBOARD_SCREENSHOTS the page is saved in that folder,
    /// light and dark.
    /// </summary>
    public async Task ShowAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable("DASHBOARD_SCREENSHOTS");
        if (string.IsNullOrEmpty(folder))
        {
            return;
        }
        var other = Page.Locator("button[aria-label^='Switch to']");
        for (var i = 0; i < 2; i++)
        {
            var offer = await other.GetAttributeAsync("aria-label") ?? "";
            var theme = offer.Contains("dark", StringComparison.Ordinal) ? "light" : "dark";
            await Page.ScreenshotAsync(
                new() { Path = Path.Combine(folder, $"{name}-{theme}.png"), FullPage = true });
            await other.ClickAsync();
            await Assertions.Expect(other).Not.ToHaveAttributeAsync("aria-label", offer);
        }
    }

    public void AssertNoErrors() => Assert.Empty(_errors);

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}

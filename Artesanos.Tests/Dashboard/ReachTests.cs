using Microsoft.Playwright;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>Without a mouse, and in the light that the eyes want.</summary>
[Collection("Dashboard")]
[Trait("Category", "E2E")]
public sealed class ReachTests(DashboardSystem system)
{
    private const int MaxTabs = 100;

    [Fact]
    public async Task The_keyboard_alone_leads_from_the_first_page_to_a_console_log()
    {
        await using var visitor = await system.VisitAsync();
        await visitor.SeesAsync("are healthy");
        await visitor.OpenAsync("");
        await visitor.SeesAsync("are healthy");

        // The focus is on the page's heading; the first stop of the document comes round again.
        await TabToAsync(visitor, "Skip to content");
        await TabToAsync(visitor, "Orders");
        Assert.NotEqual("none", await visitor.Page.EvaluateAsync<string>(
            "getComputedStyle(document.activeElement).outlineStyle"));
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Orders" }).WaitForAsync();

        await visitor.OpenAsync("");
        await visitor.SeesAsync("are healthy");
        await TabToAsync(visitor, "Skip to content");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(visitor, "Console log of nats");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.SeesAsync("Server is ready");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Everything_that_can_be_pressed_or_filled_has_a_name()
    {
        await using var visitor = await system.VisitAsync();
        foreach (var path in new[] { "", "resources/orders", "console", "orders" })
        {
            await visitor.OpenAsync(path);
            await visitor.Page.Locator("main h1").WaitForAsync();

            var nameless = await visitor.Page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('button, a[href], input, select')]
                  .filter(e => e.offsetParent && !(e.getAttribute('aria-label')
                    || e.innerText?.trim() || e.labels?.length))
                  .map(e => e.outerHTML)
                """);

            Assert.Empty(nameless);
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_theme_follows_the_browser_until_the_developer_chooses(ColorScheme wish)
    {
        await using var visitor = await system.VisitAsync(wish);
        var dark = wish == ColorScheme.Dark;
        await visitor.SeesAsync("are healthy");
        await ThemeAsync(visitor, dark);
        foreach (var page in new[] { "", "console", "orders" })
        {
            await visitor.OpenAsync(page);
            await visitor.Page.Locator("main h1").WaitForAsync();
            await ThemeAsync(visitor, dark);
        }

        await visitor.PressAsync($"Switch to {(dark ? "light" : "dark")} theme");
        await ThemeAsync(visitor, !dark);
        await visitor.OpenAsync("");
        await ThemeAsync(visitor, !dark);
        visitor.AssertNoErrors();
    }

    // What the eyes get: the colour behind the page.
    private static async Task ThemeAsync(Visitor visitor, bool dark) =>
        await visitor.Page.WaitForFunctionAsync(
        """
        dark => {
          const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g);
          return (Number(r) + Number(g) + Number(b) < 200) === dark;
        }
        """, dark);

    private static async Task TabToAsync(Visitor visitor, string name)
    {
        for (var i = 0; await FocusedAsync(visitor) != name; i++)
        {
            Assert.True(i < MaxTabs, $"The tab key does not lead to '{name}'.");
            await visitor.Page.Keyboard.PressAsync("Tab");
        }
    }

    private static Task<string> FocusedAsync(Visitor visitor) =>
        visitor.Page.EvaluateAsync<string>(
            """
            () => document.activeElement.getAttribute('aria-label')
              ?? document.activeElement.innerText ?? ''
            """);
}

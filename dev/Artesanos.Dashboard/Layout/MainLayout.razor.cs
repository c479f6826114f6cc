using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Artesanos.Dashboard.Layout;

/// <summary>Bar, navigation and theme: the browser's wish, until the developer chooses.</summary>
public sealed partial class MainLayout
{
    private MudThemeProvider _provider = null!;
    private bool _dark;
    private string _here = "";

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    // The first page has two addresses.
    private bool IsResources =>
        _here.Length == 0 || _here.StartsWith("resources", StringComparison.Ordinal);

    protected override void OnParametersSet() =>
        _here = Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }
        _dark = await Js.InvokeAsync<bool>("dashboard.isDark");
        StateHasChanged();
    }

    private async Task SwitchThemeAsync()
    {
        _dark = !_dark;
        await Js.InvokeVoidAsync("dashboard.setDark", _dark);
    }
}

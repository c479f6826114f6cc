using MudBlazor;

namespace Artesanos.Dashboard.Layout;

/// <summary>Colours of clay and glaze, light and dark.</summary>
internal static class DashboardTheme
{
    private static readonly string[] _fonts = ["system-ui", "Segoe UI", "Roboto", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#9a3f1d",
            AppbarBackground = "#ffffff",
            AppbarText = "#2b2724",
            Background = "#faf8f5",
            Surface = "#ffffff",
            TextPrimary = "#2b2724",
            TextSecondary = "#5f5750",
            Success = "#1f7a3d",
            Warning = "#96600a",
            Error = "#b3261e",
            Info = "#1c5f9e",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#f0a27e",
            AppbarBackground = "#1f1d1b",
            AppbarText = "#eae5df",
            Background = "#171614",
            Surface = "#211f1d",
            TextPrimary = "#eae5df",
            TextSecondary = "#b5aca3",
            Success = "#7fd39a",
            Warning = "#f0bd6a",
            Error = "#ff9087",
            Info = "#8fc3f5",
        },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = _fonts } },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
    };
}

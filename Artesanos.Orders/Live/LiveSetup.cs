using Artesanos.ServiceDefaults;

namespace Artesanos.Orders.Live;

internal static class LiveSetup
{
    public static void AddLiveOrders(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSettings<LiveOptions>(LiveOptions.Section);
        builder.Services.AddSingleton<OrderWatchers>();
        builder.Services.AddHostedService<ReadMoves>();
    }
}

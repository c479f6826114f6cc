namespace Artesanos.Orders.Live;

internal static class LiveSetup
{
    public static void AddLiveOrders(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LiveOptions>()
            .BindConfiguration(LiveOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<OrderWatchers>();
        builder.Services.AddHostedService<ReadMoves>();
    }
}

// The developer's dashboard: what the engine runs, what became of an order, and the telemetry of
// the services. The engine starts it beside them (docs/hosting.md).
using Artesanos.Dashboard;
using Artesanos.Dashboard.Engine;
using Artesanos.Dashboard.Layout;
using Artesanos.Dashboard.Login;
using Artesanos.Dashboard.Orders;
using MudBlazor.Services;

var builder = WebApplication.CreateBuilder(args);
// It runs from its build folder, so the files of its packages lie where they were restored.
builder.WebHost.UseStaticWebAssets();
builder.Logging.AddSimpleConsole(console => console.SingleLine = true)
    .AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
builder.AddDashboardOptions();
builder.AddLogin();
builder.AddEngine();
builder.Services.AddSingleton<OrderDatabases>();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddMudServices();
// AddTelemetry(): Kestrel listens on DashboardOptions.OtlpPort, HTTP/2 only.
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

var app = builder.Build();
app.UseLoopbackOnly();
app.UsePageHeaders();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapLogin();
// MapTelemetry(): anonymous, RequireHost("*:OtlpPort"), and it checks DashboardOptions.OtlpKey.
app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.Run();

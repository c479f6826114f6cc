// The developer's dashboard: what the engine runs, what became of an order, and the telemetry of
// the services. The engine starts it beside them (docs/hosting.md).
using Artesanos.Dashboard;
using Artesanos.Dashboard.Engine;
using Artesanos.Dashboard.Layout;
using Artesanos.Dashboard.Login;
using Artesanos.Dashboard.Orders;
using Artesanos.Dashboard.Telemetry.Receiving;
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
builder.AddTelemetry();
builder.Services.AddMudServices();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

var app = builder.Build();
app.UseOtlp();
app.UseLoopbackOnly();
app.UsePageHeaders();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapLogin();
app.MapStaticAssets();
// PageHeaders has the whole policy.
app.MapRazorComponents<App>().AddInteractiveServerRenderMode(
    server => server.ContentSecurityFrameAncestorsPolicy = null);
app.Run();

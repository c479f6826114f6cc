// The one public door: knows who may reach what, holds no data and no business rule.
using Artesanos.Gateway.DevelopmentTokens;
using Artesanos.Gateway.Routing;
using Artesanos.ServiceDefaults;
using Artesanos.ServiceDefaults.Metrics;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddRouting();
builder.AddDevelopmentTokens();

var app = builder.Build();
app.UseNoSniff();
app.UseServiceDefaults();
app.MapDevelopmentTokens();
app.MapMetrics("gateway", isPublic: true);
app.MapRouting();
app.Run();

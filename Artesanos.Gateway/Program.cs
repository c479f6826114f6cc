// The one public door: knows who may reach what, holds no data and no business rule.
using Artesanos.Gateway.Browsers;
using Artesanos.Gateway.DevelopmentTokens;
using Artesanos.Gateway.Documentation;
using Artesanos.Gateway.Routing;
using Artesanos.Gateway.Traffic;
using Artesanos.ServiceDefaults;
using Artesanos.ServiceDefaults.Metrics;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults(atTheEdge: true);
builder.AddTrafficLimits();
builder.AddCrossOrigin();
builder.AddCompression();
builder.AddRouting();
builder.AddDevelopmentTokens();

var app = builder.Build();
app.UseSecurityHeaders();
app.UseCrossOrigin();
app.UseAddressLimits();
app.UseCompression();
app.UseServiceDefaults();
app.UseUserLimits();
app.MapDocumentation();
app.MapDevelopmentTokens();
app.MapMetrics("gateway", isPublic: true);
app.MapRouting();
app.Run();

// The one public door: knows who may reach what, holds no data and no business rule.
using Artesanos.Gateway.DevelopmentTokens;
using Artesanos.Gateway.Routing;
using Artesanos.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddRouting();
builder.AddDevelopmentTokens();

var app = builder.Build();
app.UseNoSniff();
app.UseServiceDefaults();
app.MapDevelopmentTokens();
app.MapRouting();
app.Run();

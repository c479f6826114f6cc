using Artesanos.Messaging;
using Artesanos.Messaging.Data;
using Artesanos.Messaging.DeadLetters;
using Artesanos.Messaging.Metrics;
using Artesanos.Messaging.Nats;
using Artesanos.Orders.Data;
using Artesanos.Orders.Live;
using Artesanos.Orders.Operations;
using Artesanos.Orders.Ordering;
using Artesanos.Orders.Saga;
using Artesanos.ServiceDefaults;
using Artesanos.ServiceDefaults.Metrics;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddDatabase<OrdersDbContext>("orders-db");
builder.AddNatsClient("nats");
builder.AddMessaging()
    .Consume<SagaHandler>("inventory", "inventory.*", "orders")
    .Consume<SagaHandler>("payments", "payments.*", "orders");

builder.Services.AddSettings<SagaOptions>(SagaOptions.Section);
builder.Services.AddHostedService<SagaDeadlines>();
builder.Services.AddSettings<IdempotencyOptions>(IdempotencyOptions.Section);
builder.Services.AddRetention<IdempotencyOptions>(options => options.Retention);
builder.AddLiveOrders();
builder.Services.AddSingleton<ISample, SagaSample>();
builder.Services.AddSettings<AdmissionOptions>(AdmissionOptions.Section);
builder.Services.AddSingleton<Admission>();
builder.Services.AddSingleton<OrderPlacement>();
builder.Services.AddSingleton<SagaRequests>();
builder.Services.AddScoped<OrderCancellation>();
builder.Services.ConfigureHttpJsonOptions(json =>
    json.SerializerOptions.TypeInfoResolverChain.Insert(0, OrdersJson.Default));
builder.AddApiDocument(
    "Artesanos Orders", "Orders of shoppers, and the sagas behind them for operators.");

var app = builder.Build();

if (args is [Provisioning.Verb])
{
    await app.ProvisionAsync<OrdersDbContext>();
    return;
}

app.UseServiceDefaults();
app.MapOrders();
app.MapOperations();
app.MapDeadLetters("orders");
app.MapMetrics("orders");
app.MapCrashPoints();
app.MapApiDocument();

app.Run();

using Artesanos.Inventory.Catalog;
using Artesanos.Inventory.Data;
using Artesanos.Inventory.Notifications;
using Artesanos.Inventory.Reservations;
using Artesanos.Inventory.Stock;
using Artesanos.Messaging;
using Artesanos.Messaging.Data;
using Artesanos.Messaging.DeadLetters;
using Artesanos.Messaging.Nats;
using Artesanos.ServiceDefaults;
using Artesanos.ServiceDefaults.Metrics;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddNatsClient("nats");
builder.AddDatabase<InventoryDbContext>("inventory-db");
builder.AddDemoCatalogue();
builder.AddReservations();
builder.AddNotifications();
builder.AddMessaging()
    .Consume<ReservationHandler>("inventory", "inventory.commands.*", "inventory")
    // Until there is a notification service, Inventory hears its own alerts.
    .Consume<LowStockHandler>("inventory", "inventory.low_stock", "inventory-low-stock")
    // The last net: whatever an order that ended still holds is given back.
    .Consume<OrderEndedHandler>("orders", "orders.cancelled", "inventory-cancelled")
    .Consume<OrderEndedHandler>("orders", "orders.failed", "inventory-failed");
builder.Services.ConfigureHttpJsonOptions(json =>
    json.SerializerOptions.TypeInfoResolverChain.Insert(0, CatalogJson.Default));

builder.AddApiDocument(
    "Artesanos Inventory", "Products of the artisans, their prices and their stock.");

var app = builder.Build();

if (args is [Provisioning.Verb])
{
    await app.ProvisionAsync<InventoryDbContext>();
    return;
}

app.UseServiceDefaults();
var products = app.MapGroup("/products").WithTags("Products");
products.MapCatalog();
products.MapRestock();
app.MapDeadLetters("inventory");
app.MapMetrics("inventory");
app.MapCrashPoints();
app.MapApiDocument();

app.Run();

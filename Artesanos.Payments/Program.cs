using Artesanos.Messaging;
using Artesanos.Messaging.Data;
using Artesanos.Messaging.DeadLetters;
using Artesanos.Messaging.Nats;
using Artesanos.Payments.Charging;
using Artesanos.Payments.Data;
using Artesanos.Payments.Disputes;
using Artesanos.Payments.StripeApi;
using Artesanos.ServiceDefaults;
using Artesanos.ServiceDefaults.Metrics;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddNatsClient("nats");
builder.AddDatabase<PaymentsDbContext>("payments-db");
var messaging = builder.AddMessaging();
builder.AddStripe();
builder.AddCharging();
messaging.Consume<PaymentCommandHandler>("payments", "payments.commands.*", "payments");
builder.AddApiDocument(
    "Artesanos Payments", "How the payment of an order stands, and Stripe's webhook.");

var app = builder.Build();

if (args is [Provisioning.Verb])
{
    await app.ProvisionAsync<PaymentsDbContext>();
    return;
}
app.UseServiceDefaults();
app.MapWebhook();
app.MapPayments();
app.MapQuarantine();
app.MapDisputes();
app.MapDeadLetters("payments");
app.MapMetrics("payments");
app.MapCrashPoints();
app.MapApiDocument();
app.Run();

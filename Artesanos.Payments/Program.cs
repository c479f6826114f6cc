using Artesanos.Messaging;
using Artesanos.Messaging.Data;
using Artesanos.Messaging.DeadLetters;
using Artesanos.Messaging.Nats;
using Artesanos.Payments.Charging;
using Artesanos.Payments.Data;
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

var app = builder.Build();
app.UseServiceDefaults();
app.MapWebhook();
app.MapPayments();
app.MapDeadLetters("payments");
app.MapMetrics("payments");
app.MapCrashPoints();
app.Run();

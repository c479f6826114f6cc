// The deployment diagram: what runs, what each part needs, and who waits for whom.
// Two engines execute this file unchanged: docs/hosting.md.
using System.Security.Cryptography;
using Artesanos.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

var keepsData = builder.Configuration["Data"] != "ephemeral";
var replicas = int.TryParse(builder.Configuration["Replicas"], out var count) ? count : 1;
var stripeKey = builder.Configuration["Parameters:stripe-api-key"];

// Development tokens: the gateway signs with a key made at each start, the services know its
// public half only.
using var tokenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
var tokenSigningKey = builder.AddParameter("token-signing-key",
    Convert.ToBase64String(tokenKey.ExportPkcs8PrivateKey()), secret: true);
var tokenPublicKey = builder.AddParameter("token-public-key",
    Convert.ToBase64String(tokenKey.ExportSubjectPublicKeyInfo()));

var postgres = builder.AddPostgres("postgres");
var nats = builder.AddNats("nats").WithJetStream();
if (keepsData)
{
    postgres.WithDataVolume("artesanos-postgres");
    nats.WithDataVolume("artesanos-nats");
}

var ordersDb = postgres.AddDatabase("orders-db", "orders");
var paymentsDb = postgres.AddDatabase("payments-db", "payments");
var inventoryDb = postgres.AddDatabase("inventory-db", "inventory");

var inventory = builder.AddProject<Projects.Artesanos_Inventory>("inventory")
    .WithReference(inventoryDb).WaitFor(inventoryDb)
    .WithReference(nats).WaitFor(nats)
    .WithEnvironment("Auth__PublicKey", tokenPublicKey)
    .WithHttpHealthCheck("/health")
    .WithReplicas(replicas);

var payments = builder.AddProject<Projects.Artesanos_Payments>("payments")
    .WithReference(paymentsDb).WaitFor(paymentsDb)
    .WithReference(nats).WaitFor(nats)
    .WithEnvironment("Auth__PublicKey", tokenPublicKey)
    .WithHttpHealthCheck("/health")
    .WithReplicas(replicas);

var orders = builder.AddProject<Projects.Artesanos_Orders>("orders")
    .WithReference(ordersDb).WaitFor(ordersDb)
    .WithReference(nats).WaitFor(nats)
    .WithEnvironment("Auth__PublicKey", tokenPublicKey)
    .WithHttpHealthCheck("/health")
    .WithReplicas(replicas);

var gateway = builder.AddProject<Projects.Artesanos_Gateway>("gateway")
    .WithReference(orders).WaitFor(orders)
    .WithReference(payments).WaitFor(payments)
    .WithReference(inventory).WaitFor(inventory)
    .WithEnvironment("Auth__PublicKey", tokenPublicKey)
    .WithEnvironment("Auth__SigningKey", tokenSigningKey)
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    // Where Prometheus reads and the world does not reach.
    .WithHttpEndpoint(port: 9464, name: "metrics");
var metricsPort = gateway.GetEndpoint("metrics").Property(EndpointProperty.TargetPort);
gateway.WithEnvironment("Metrics__Port", ReferenceExpression.Create($"{metricsPort}"));

// On this machine one developer, or the load tool, is every shopper at once.
if (builder.ExecutionContext.IsRunMode)
{
    gateway
        .WithEnvironment("Traffic__UserPerMinute", "10000000")
        .WithEnvironment("Traffic__UserOrdersPerMinute", "10000000")
        .WithEnvironment("Traffic__AddressPerMinute", "10000000")
        .WithEnvironment("Traffic__WebhooksPerMinute", "10000000")
        .WithEnvironment("Traffic__MaxConcurrentRequests", "10000");
}

// Without a Stripe key, a stateful stand-in takes Stripe's place and signs its own webhooks.
if (string.IsNullOrEmpty(stripeKey))
{
    var webhookSecret = builder.AddParameter("stripe-webhook-secret",
        "whsec_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), secret: true);

    var stripe = builder.AddProject<Projects.Artesanos_StripeSimulator>("stripe")
        .WithEnvironment("Webhook__Secret", webhookSecret)
        .WithEnvironment("Webhook__Url",
            ReferenceExpression.Create($"{gateway.GetEndpoint("http")}/payments/webhook"))
        .WithHttpHealthCheck("/health");

    payments
        .WithEnvironment("Stripe__ApiKey", "sk_test_simulator")
        .WithEnvironment("Stripe__ApiBase", stripe.GetEndpoint("http"))
        .WithEnvironment("Stripe__WebhookSecrets__0", webhookSecret)
        .WaitFor(stripe);
}
else
{
    payments
        .WithEnvironment("Stripe__ApiKey", builder.AddParameter("stripe-api-key", secret: true))
        .WithEnvironment("Stripe__WebhookSecrets__0",
            builder.AddParameter("stripe-webhook-secret", secret: true));
}

// Where Prometheus is installed it watches (docs/metrics.md). Tests bring one of their own.
if (keepsData && PrometheusProgram.Find() is { } program)
{
    var prometheus = builder.AddExecutable("prometheus", program, "../deploy/prometheus",
            "--config.file=prometheus.yml", $"--storage.tsdb.path={PrometheusProgram.DataFolder}")
        .WithHttpEndpoint(port: 19090, name: "http")
        .WithHttpHealthCheck("/-/ready");
    var port = prometheus.GetEndpoint("http").Property(EndpointProperty.TargetPort);
    prometheus.WithArgs(ReferenceExpression.Create($"--web.listen-address=localhost:{port}"));
}

builder.Build().Run();

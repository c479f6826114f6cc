using System.Collections.Concurrent;
using Artesanos.Inventory.Notifications;
using Artesanos.Messaging.Contracts;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;
using static Artesanos.Tests.Inventory.Reserving;

namespace Artesanos.Tests.Inventory;

/// <summary>
/// The worker against the real database: the topology's Inventory has no e-mail, so nobody else
/// sends these rows.
/// </summary>
[Trait("Category", "Integration")]
public sealed class DeliverNotificationsTests(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alert_waits_for_the_mail_server_and_is_sent_once_it_is_back()
    {
        var port = FreeAddress.Port();
        await using var database = await DatabaseAsync();
        var options = WithMail(port);
        var alert = await OweAsync(database, "email");
        using var worker = Worker(
            database, options, new EmailChannel(Options.Create(options)));
        await worker.StartAsync(Ct);
        await Eventually.TrueAsync(async () => (await RowAsync(alert)).Attempts >= 3,
            Patience, "it was tried while the server was away", Ct);
        Assert.Equal("PENDING", (await RowAsync(alert)).Status);

        await using var server = await MailServer.StartAsync(Ct, port);
        await WaitForAsync(alert, "SENT");
        await worker.StopAsync(Ct);

        var mail = Assert.Single(server.Received);
        Assert.Equal($"low-stock.{alert:N}@artesanos.example", mail.Message.MessageId);
        Assert.Null((await RowAsync(alert)).LastError);
    }

    [Fact]
    public async Task A_mail_whose_answer_was_lost_comes_again_under_the_same_id()
    {
        await using var database = await DatabaseAsync();
        await using var server = await MailServer.StartAsync(Ct, lossy: true);
        var options = WithMail(server.Port);
        var alert = await OweAsync(database, "email");
        using var worker = Worker(
            database, options, new EmailChannel(Options.Create(options)));

        await worker.StartAsync(Ct);
        await WaitForAsync(alert, "SENT");
        await worker.StopAsync(Ct);

        Assert.Equal(2, server.Received.Count);
        Assert.Single(server.Received.Select(mail => mail.Message.MessageId).Distinct());
    }

    [Fact]
    public async Task Two_replicas_send_each_alert_once()
    {
        await using var database = await DatabaseAsync();
        var channel = new Recorder();
        var alerts = new List<Guid>();
        for (var i = 0; i < 40; i++)
        {
            alerts.Add(await OweAsync(database, channel.Name));
        }
        using var first = Worker(database, Quick(), channel);
        using var second = Worker(database, Quick(), channel);

        await Task.WhenAll(first.StartAsync(Ct), second.StartAsync(Ct));
        foreach (var alert in alerts)
        {
            await WaitForAsync(alert, "SENT");
        }
        await Task.WhenAll(first.StopAsync(Ct), second.StopAsync(Ct));

        Assert.Equal(alerts.Order(), channel.Sent.Order());
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    public async Task What_cannot_be_sent_is_given_up_after_its_tries_or_at_once(
        bool undeliverable, int attempts)
    {
        await using var database = await DatabaseAsync();
        var channel = new Recorder
        {
            Failure = undeliverable ? new UndeliverableException("No such address.")
                : new IOException("The server is away."),
        };
        var alert = await OweAsync(database, channel.Name);
        var options = Quick();
        options.MaxAttempts = 3;
        using var worker = Worker(database, options, channel);

        await worker.StartAsync(Ct);
        await WaitForAsync(alert, "ABANDONED");
        await worker.StopAsync(Ct);

        var row = await RowAsync(alert);
        Assert.Equal(attempts, row.Attempts);
        Assert.Equal(channel.Failure.Message, row.LastError);
        Assert.Empty(channel.Sent);
    }

    [Fact]
    public async Task The_same_alert_received_twice_is_owed_once()
    {
        await using var database = await DatabaseAsync();
        var channel = $"test-{Guid.CreateVersion7():N}";
        var alert = await OweAsync(database, channel);

        await OweAsync(database, channel, alert);

        Assert.Equal(1L, await topology.QueryAsync<long>("inventory",
            "SELECT count(*) FROM notifications WHERE alert_id = $1", Ct, alert));
    }

    private async Task WaitForAsync(Guid alert, string status) => await Eventually.TrueAsync(
        async () => (await RowAsync(alert)).Status == status, Patience,
        $"alert {alert} is {status}", Ct);

    private async Task<(string Status, int Attempts, string? LastError)> RowAsync(Guid alert)
    {
        const string Of = "FROM notifications WHERE alert_id = $1";
        return (
            (await topology.QueryAsync<string>("inventory", $"SELECT status {Of}", Ct, alert))!,
            await topology.QueryAsync<int>("inventory", $"SELECT attempts {Of}", Ct, alert),
            await topology.QueryAsync<string>("inventory", $"SELECT last_error {Of}", Ct, alert));
    }

    private async Task<NpgsqlDataSource> DatabaseAsync() => NpgsqlDataSource.Create(
        (await topology.App.GetConnectionStringAsync("inventory-db", Ct))! + ";Pooling=false");

    private static async Task<Guid> OweAsync(
        NpgsqlDataSource database, string channel, Guid? id = null)
    {
        var alertId = id ?? Guid.CreateVersion7();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(NotificationSql.Insert(
            [(alertId, new LowStockAlert(JugId, "Jarra", "ana", 4, 5))], [channel]));
        await batch.ExecuteNonQueryAsync(Ct);
        return alertId;
    }

    private static DeliverNotifications Worker(
        NpgsqlDataSource database, NotificationOptions options, INotificationChannel channel) =>
        new([channel], database, Options.Create(options), TimeProvider.System,
            NullLogger<DeliverNotifications>.Instance);

    private static NotificationOptions Quick() => new()
    {
        PollInterval = TimeSpan.FromMilliseconds(50),
        FirstRetryDelay = TimeSpan.FromMilliseconds(50),
        MaxRetryDelay = TimeSpan.FromMilliseconds(200),
        MaxAttempts = 1000,
    };

    private static NotificationOptions WithMail(int port)
    {
        var options = Quick();
        options.Smtp = new SmtpOptions
        {
            Host = "127.0.0.1",
            Port = port,
            Security = SmtpSecurity.None,
            From = "avisos@artesanos.example",
            To = "{artisan}@talleres.example",
        };
        return options;
    }

    /// <summary>A channel of its own per test, so that tests see their own rows only.</summary>
    private sealed class Recorder : INotificationChannel
    {
        public string Name { get; } = $"test-{Guid.CreateVersion7():N}";
        public Exception? Failure { get; init; }
        public ConcurrentQueue<Guid> Sent { get; } = new();

        public Task SendAsync(Notification notification, CancellationToken ct)
        {
            if (Failure is not null)
            {
                throw Failure;
            }
            Sent.Enqueue(notification.AlertId);
            return Task.CompletedTask;
        }
    }
}

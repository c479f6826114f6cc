using Artesanos.Messaging.Data;
using Artesanos.Payments.Charging;
using Artesanos.Payments.Disputes;
using Artesanos.Payments.StripeApi;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Artesanos.Payments.Data;

/// <summary>
/// The schema. Hot statements are SQL on the same tables (PaymentTable, EventStore).
/// </summary>
internal sealed class PaymentsDbContext(DbContextOptions<PaymentsDbContext> options)
    : DbContext(options)
{
    private const int StatusMaxLength = 16;
    private const int StripeIdMaxLength = 255;

    public DbSet<Payment> Payments => Set<Payment>();

    public DbSet<Dispute> Disputes => Set<Dispute>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Payment>(row =>
        {
            row.ToTable("payments");
            // One payment, one intent per order, for ever.
            row.HasKey(p => p.OrderId);
            row.Property(p => p.OrderId).ValueGeneratedNever();
            row.Property(p => p.CustomerId).HasMaxLength(128);
            row.Property(p => p.Currency).HasMaxLength(3);
            row.Property(p => p.PaymentMethodId).HasMaxLength(StripeIdMaxLength);
            row.Property(p => p.IntentId).HasMaxLength(StripeIdMaxLength);
            row.Property(p => p.Status).HasMaxLength(StatusMaxLength).HasConversion(
                status => status.Text(), text => StatusSpelling.ToPaymentStatus(text));
            row.Ignore(p => p.DueCall);
            row.HasIndex(p => p.IntentId).IsUnique();
            row.HasIndex(p => p.NextTryAt)
                .HasFilter("next_try_at IS NOT NULL");
            // Only statements on the table know it: when reconciliation asked about the payment.
            row.Property<DateTimeOffset?>("CheckedAt");
            row.HasIndex(p => p.UpdatedAt)
                .HasFilter("status = 'OPEN' AND next_try_at IS NULL");
        });
        modelBuilder.Entity<Refund>(row =>
        {
            row.ToTable("refunds");
            row.Property(r => r.Id).ValueGeneratedNever();
            row.Property(r => r.Currency).HasMaxLength(3);
            row.Property(r => r.StripeRefundId).HasMaxLength(StripeIdMaxLength);
            row.Property(r => r.Status).HasMaxLength(StatusMaxLength).HasConversion(
                status => status.Text(), text => StatusSpelling.ToRefundStatus(text));
            row.HasIndex(r => r.OrderId);
        });
        modelBuilder.Entity<StripeEventRow>(row =>
        {
            row.ToTable("stripe_events");
            row.Property(e => e.Id).HasMaxLength(StripeIdMaxLength);
            row.Property(e => e.Type).HasMaxLength(StripeIdMaxLength);
            row.Property(e => e.IntentId).HasMaxLength(StripeIdMaxLength);
            row.HasIndex(e => e.NextTryAt)
                .HasFilter("processed_at IS NULL");
            // They come in the order of time, and are deleted in it: a few bytes per page do.
            row.HasIndex(e => e.ReceivedAt).HasMethod("brin");
        });
        modelBuilder.Entity<EventRound>(row =>
        {
            row.ToTable("event_rounds");
            row.Property(r => r.Id).ValueGeneratedNever();
            row.Property(r => r.StartingAfter).HasMaxLength(StripeIdMaxLength);
        });
        modelBuilder.Entity<Dispute>(row =>
        {
            row.ToTable("disputes");
            row.Property(d => d.Id).HasMaxLength(StripeIdMaxLength);
            row.Property(d => d.IntentId).HasMaxLength(StripeIdMaxLength);
            row.Property(d => d.ChargeId).HasMaxLength(StripeIdMaxLength);
            row.HasIndex(d => d.OpenedAt);
        });
    }
}

/// <summary>Lets <c>dotnet ef</c> write migrations without a database or configuration.</summary>
internal sealed class DesignTimeDatabase : IDesignTimeDbContextFactory<PaymentsDbContext>
{
    public PaymentsDbContext CreateDbContext(string[] args) => new(
        new DbContextOptionsBuilder<PaymentsDbContext>()
            .UseNpgsql("Host=localhost;Database=payments")
            .UseSnakeCaseNamingConvention()
            .Options);
}

using Artesanos.Messaging.Data;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Orders.Data;

internal sealed class OrdersDbContext(DbContextOptions<OrdersDbContext> options)
    : DbContext(options)
{
    public DbSet<OrderRow> Orders => Set<OrderRow>();
    public DbSet<HistoryRow> History => Set<HistoryRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        modelBuilder.Entity<OrderRow>(order =>
        {
            order.ToTable("orders");
            order.Property(o => o.Id).ValueGeneratedNever();
            order.Property(o => o.Lines).HasColumnType("jsonb");
            order.Property(o => o.ShippingAddress).HasColumnType("jsonb");
            order.Property(o => o.Currency).HasMaxLength(3);
            order.Property(o => o.StateSince).HasDefaultValueSql("now()");
            order.HasIndex(o => new { o.CustomerId, o.Id });
            order.HasIndex(o => o.Deadline).HasFilter("deadline IS NOT NULL");
            order.HasIndex(o => o.StuckSince).HasFilter("stuck_since IS NOT NULL");
        });
        modelBuilder.Entity<HistoryRow>(entry =>
        {
            entry.ToTable("order_history");
            entry.HasKey(e => new { e.OrderId, e.Version });
        });
        modelBuilder.Entity<StatusCountRow>(count =>
        {
            count.ToTable("order_status_counts");
            count.HasKey(c => c.Status);
        });
        modelBuilder.Entity<StatusChangeRow>(change => change.ToTable("order_status_changes"));
        modelBuilder.Entity<IdempotencyRow>(key =>
        {
            key.ToTable("idempotency_keys");
            key.HasKey(k => new { k.CustomerId, k.Key });
            key.HasIndex(k => k.CreatedAt);
        });
    }
}

/// <summary>
/// One order, one saga, one row. Written by <c>SagaStore</c> and <c>PlaceOrder</c>.
/// </summary>
internal sealed class OrderRow
{
    public Guid Id { get; init; }
    public required string CustomerId { get; init; }

    /// <summary>STARTED … FAILED, as shoppers see it.</summary>
    public required string Status { get; init; }

    /// <summary><c>payment</c> or <c>stock</c> while COMPENSATING.</summary>
    public string? CompensationStep { get; init; }
    public string? Reason { get; init; }

    /// <summary>JSON array of ordered lines, in the order of the request.</summary>
    public required string Lines { get; init; }
    public long? ExpectedTotalMinor { get; init; }
    public long? TotalMinor { get; init; }
    public string? Currency { get; init; }
    public string? PaymentMethodId { get; init; }
    public string? ShippingAddress { get; init; }
    public DateTimeOffset? ReservedUntil { get; init; }
    public DateTimeOffset? Deadline { get; init; }
    public int Resends { get; init; }
    public bool RefundOwed { get; init; }
    public DateTimeOffset? StuckSince { get; init; }
    public int Version { get; init; }
    public int TableVersion { get; init; }
    public string? TraceParent { get; init; }
    public DateTimeOffset PlacedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it came into its status and step.</summary>
    public DateTimeOffset StateSince { get; init; }
}

/// <summary>
/// What happened to an order, in sequence. The saga's state is the fold of these rows.
/// </summary>
internal sealed class HistoryRow
{
    public Guid OrderId { get; init; }
    public int Version { get; init; }
    public required string Status { get; init; }
    public string? CompensationStep { get; init; }

    /// <summary>MOVED, RESENT or IGNORED; shoppers see the moves.</summary>
    public required string Effect { get; init; }

    /// <summary>The message, <c>OrderPlaced</c>, <c>CancelAsked</c>, <c>RetryAsked</c> or
    /// <c>DeadlinePassed</c>.</summary>
    public required string Cause { get; init; }
    public Guid? MessageId { get; init; }

    /// <summary>Subject of the person who asked, where a person did.</summary>
    public string? AskedBy { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>Orders in a status, up to the last fold: see <c>StatusCounts</c>.</summary>
internal sealed class StatusCountRow
{
    public required string Status { get; init; }
    public long Orders { get; init; }
}

/// <summary>What one transaction added to a status, or took from it.</summary>
internal sealed class StatusChangeRow
{
    public long Id { get; init; }
    public required string Status { get; init; }
    public long Change { get; init; }
}

/// <summary>Which order a shopper's Idempotency-Key stands for, and for which body.</summary>
internal sealed class IdempotencyRow
{
    public required string CustomerId { get; init; }
    public required string Key { get; init; }
    public required byte[] RequestHash { get; init; }
    public Guid OrderId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

using Microsoft.EntityFrameworkCore;

namespace Artesanos.Messaging.Data;

/// <summary>A message to publish, written in the transaction of the state change it tells of.</summary>
public sealed class OutboxRow
{
    public Guid Id { get; init; }
    public Guid Key { get; init; }
    public required string Subject { get; init; }
    public required byte[] Payload { get; init; }
    public string? TraceParent { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until then the row belongs to whoever wrote or claimed it.</summary>
    public DateTimeOffset LeasedUntil { get; init; }
    public DateTimeOffset? PublishedAt { get; init; }
}

/// <summary>A message that was handled; its row shares the transaction of the effect.</summary>
public sealed class InboxRow
{
    public Guid Id { get; init; }
    public DateTimeOffset HandledAt { get; init; }
}

/// <summary>A message that could not be handled, kept for an operator.</summary>
public sealed class DeadLetter
{
    public Guid Id { get; init; }
    public required string Subject { get; init; }
    public required byte[] Payload { get; init; }
    public required string Headers { get; init; }
    public required string Error { get; init; }
    public int Attempts { get; init; }
    public DateTimeOffset FailedAt { get; init; }

    /// <summary>OPEN, REPLAYED or DISCARDED.</summary>
    public required string Status { get; init; }
    public string? ResolvedBy { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
}

public static class MessagingTables
{
    /// <summary>Adds outbox, inbox and dead letters to a service's model.</summary>
    public static void AddMessaging(this ModelBuilder model)
    {
        model.Entity<OutboxRow>(row =>
        {
            row.ToTable("outbox");
            row.HasKey(r => r.Id);
            row.Property(r => r.Id).ValueGeneratedNever();
            row.HasIndex(r => r.LeasedUntil).HasFilter("published_at IS NULL");
        });
        model.Entity<InboxRow>(row =>
        {
            row.ToTable("inbox");
            row.HasKey(r => r.Id);
            row.Property(r => r.Id).ValueGeneratedNever();
        });
        model.Entity<DeadLetter>(row =>
        {
            row.ToTable("dead_letters");
            row.HasKey(r => r.Id);
            row.Property(r => r.Id).ValueGeneratedNever();
            row.Property(r => r.Headers).HasColumnType("jsonb");
            row.HasIndex(r => r.FailedAt).HasFilter("status = 'OPEN'");
        });
    }
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Orders.Ordering;

/// <summary>Section <c>Idempotency</c>: how long a key stands for its order.</summary>
internal sealed class IdempotencyOptions : IValidatableObject
{
    public const string Section = "Idempotency";

    /// <summary>At least so long a repeated key is answered as the first time.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often older keys are looked for.</summary>
    public TimeSpan CleanInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Keys deleted in one transaction.</summary>
    [Range(1, 10_000, ErrorMessage = "Idempotency__MaxBatch must be between 1 and 10000 (keys).")]
    public int MaxBatch { get; init; } = 1_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (KeepFor < TimeSpan.FromMinutes(1))
        {
            yield return new("Idempotency__KeepFor must be at least 00:01:00 (hh:mm:ss).");
        }
        if (CleanInterval <= TimeSpan.Zero)
        {
            yield return new("Idempotency__CleanInterval must be positive, such as 00:01:00.");
        }
    }
}

/// <summary>
/// Deletes idempotency keys that have served their time, in batches so that no transaction is
/// long. Each replica runs it: a key is deleted by one of them and skipped by the others, and a
/// key that is being used just now stays.
/// </summary>
internal sealed partial class ForgetOldKeys(
    NpgsqlDataSource database, IOptions<IdempotencyOptions> options, TimeProvider time,
    ILogger<ForgetOldKeys> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CleanInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await ForgetAsync(stoppingToken) == options.Value.MaxBatch)
                {
                }
            }
            catch (NpgsqlException failure)
            {
                // The keys are still there at the next tick.
                LogFailed(failure.Message);
            }
        }
    }

    /// <returns>How many keys were deleted, at most one batch.</returns>
    internal async Task<int> ForgetAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            DELETE FROM idempotency_keys USING (
                SELECT customer_id, key FROM idempotency_keys WHERE created_at < $1
                ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS old
            WHERE idempotency_keys.customer_id = old.customer_id
                AND idempotency_keys.key = old.key
            """);
        command.Parameters.Add(new() { Value = time.GetUtcNow() - options.Value.KeepFor });
        command.Parameters.Add(new() { Value = options.Value.MaxBatch });
        return await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Old idempotency keys not deleted: {Reason}")]
    private partial void LogFailed(string reason);
}

using System.Text.Json;
using Npgsql;

namespace Artesanos.Audit;

/// <summary>The audit as an operator's command: docs/audit.md.</summary>
public static class AuditCommand
{
    /// <summary>Every invariant holds.</summary>
    public const int Holds = 0;

    /// <summary>At least one does not; the output says which, of what.</summary>
    public const int Violated = 1;

    /// <summary>Nothing is known: wrong arguments, or a database that could not be read.</summary>
    public const int NotAudited = 2;

    /// <returns>The exit code: 0, 1 or 2.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var (arguments, wrong) = AuditArguments.Parse(args, Environment.GetEnvironmentVariable);
        if (arguments is null)
        {
            await error.WriteLineAsync($"{wrong}\n\n{AuditArguments.Usage}");
            return NotAudited;
        }
        try
        {
            var report = await SystemAudit.RunLiveAsync(
                arguments.Sources, arguments.Bound, arguments.Pause, ct);
            if (arguments.MetricsFile is { } file)
            {
                var text = AuditMetrics.Text(report, TimeProvider.System.GetUtcNow());
                await AuditMetrics.WriteAsync(file, text, ct);
            }
            await output.WriteLineAsync(arguments.Json ? AuditOutput.Json(report)
                : AuditOutput.Text(report));
            return report.Violations.Count == 0 ? Holds : Violated;
        }
        catch (AuditException unreadable)
        {
            await error.WriteLineAsync($"Not audited: {unreadable.Message}");
            return NotAudited;
        }
        catch (Exception unwritable) when (
            unwritable is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"Not audited: {unwritable.Message}");
            return NotAudited;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await error.WriteLineAsync("Not audited: interrupted.");
            return NotAudited;
        }
    }
}

/// <summary>A source of facts could not be read; the message names it and the reason.</summary>
public sealed class AuditException : Exception
{
    public AuditException(string message) : base(message) { }
    public AuditException(string message, Exception inner) : base(message, inner) { }
    public AuditException() { }

    /// <summary>
    /// Runs a reading and says of which source it failed, without its credentials.
    /// </summary>
    internal static async Task<T> ReadAsync<T>(string source, Func<Task<T>> reading)
    {
        try
        {
            return await reading();
        }
        catch (PostgresException refusal)
        {
            throw new AuditException(
                $"{source} refused: {refusal.MessageText} ({refusal.SqlState}).", refusal);
        }
        catch (Exception outage) when (
            outage is NpgsqlException or HttpRequestException or TimeoutException
            || outage is TaskCanceledException { InnerException: TimeoutException })
        {
            throw new AuditException($"{source} does not answer: {outage.Message}", outage);
        }
        catch (Exception malformed) when (
            malformed is JsonException or KeyNotFoundException or InvalidCastException)
        {
            throw new AuditException(
                $"{source} has another form than this version knows: {malformed.Message}",
                malformed);
        }
    }
}

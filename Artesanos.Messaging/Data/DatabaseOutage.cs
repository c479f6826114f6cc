using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Artesanos.Messaging.Data;

/// <summary>
/// A request that met a PostgreSQL that is away or starting is answered 503: coming again helps.
/// Whether its transaction was committed is not known; an idempotency key makes a repetition safe.
/// </summary>
internal sealed partial class DatabaseOutage(ILogger<DatabaseOutage> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // EF wraps what it could not retry.
        var outage = exception as NpgsqlException ?? exception.InnerException as NpgsqlException;
        if (outage is null || !IsPassing(outage))
        {
            return false;
        }
        LogAway(outage.Message);
        httpContext.Response.Headers.RetryAfter = "2";
        await Problems.Unavailable("database-away", "The database cannot answer now; try again.")
            .ExecuteAsync(httpContext);
        return true;
    }

    // 57P01 to 57P05: the server is ending this session, a shutdown for example.
    private static bool IsPassing(NpgsqlException failure) =>
        failure.IsTransient
        || failure.SqlState?.StartsWith("57P0", StringComparison.Ordinal) == true;

    [LoggerMessage(LogLevel.Warning, "A request met no database: {Reason}")]
    private partial void LogAway(string reason);
}

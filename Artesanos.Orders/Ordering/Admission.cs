using Artesanos.Orders.Saga;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Orders.Ordering;

/// <summary>
/// Lets orders in no faster than the system, all replicas together, takes them to their payment.
/// The others wait outside, their requests unanswered, and beyond that are told to come again.
/// </summary>
internal sealed partial class Admission(
    NpgsqlDataSource database, IOptions<AdmissionOptions> options, TimeProvider time,
    ILogger<Admission> logger)
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(100);

    private readonly WaitingLine _line = new(options.Value, time);
    private long _sampledAt;
    private int _sampling;
    private int _added;

    /// <summary>Would the last of so many requests wait outside for too long?</summary>
    public bool IsTooMany(int waiting) => _line.IsTooLong(waiting);

    /// <summary>Waits until there is room inside for these orders.</summary>
    public async Task WaitForRoomAsync(int orders, CancellationToken ct)
    {
        SampleIfOld();
        while (_line.MustWait(Volatile.Read(ref _added)))
        {
            await Task.Delay(SampleInterval / 10, time, ct);
            SampleIfOld();
        }
        Interlocked.Add(ref _added, orders);
        _line.Enter(orders);
    }

    /// <summary>Nobody waits for a sample, and without orders there is none.</summary>
    private void SampleIfOld()
    {
        if (time.GetElapsedTime(Volatile.Read(ref _sampledAt)) >= SampleInterval
            && Interlocked.Exchange(ref _sampling, 1) == 0)
        {
            _ = Task.Run(SampleAsync);
        }
    }

    private async Task SampleAsync()
    {
        try
        {
            Volatile.Write(ref _sampledAt, time.GetTimestamp());
            var before = Volatile.Read(ref _added);
            var (length, left) = await StatusCounts.ReadLineAsync(database, CancellationToken.None);
            // Orders that are stored just now may count twice until the next sample.
            Interlocked.Add(ref _added, -before);
            _line.Measure(length, left);
        }
        catch (NpgsqlException failure)
        {
            // Without the database no order is stored either, and its caller is told.
            LogNotMeasured(logger, failure.Message);
        }
        finally
        {
            Volatile.Write(ref _sampling, 0);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The line of orders was not measured: {Reason}")]
    private static partial void LogNotMeasured(ILogger logger, string reason);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Artesanos.Messaging;
using Artesanos.Payments.StripeApi;
using Microsoft.Extensions.Options;

namespace Artesanos.Payments.Charging;

/// <summary>
/// Makes the calls to Stripe that committed rows wait for, straight from memory and a bounded
/// number at once. One order is never in two calls of this process; what does not fit in memory
/// or dies with the process is found by the sweeper when its lease ends.
/// </summary>
internal sealed partial class ChargeWorker(
    StripeCalls calls, PaymentRecorder recorder, IOptions<StripeOptions> options,
    ILogger<ChargeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, Job> _jobs = new();
    private readonly Channel<Job> _queue = Channel.CreateBounded<Job>(options.Value.CallQueue);

    /// <summary>Takes committed rows whose call is due.</summary>
    public void HandOver(IEnumerable<Payment> due)
    {
        foreach (var payment in due)
        {
            HandOver(payment);
        }
    }

    private void HandOver(Payment payment)
    {
        while (true)
        {
            var job = new Job(payment);
            var known = _jobs.GetOrAdd(payment.OrderId, job);
            if (known == job)
            {
                if (!_queue.Writer.TryWrite(job))
                {
                    _jobs.TryRemove(payment.OrderId, out _);
                }
                return;
            }
            if (known.Offer(payment))
            {
                return;
            }
            // It ended just now and is about to leave the dictionary.
            _jobs.TryRemove(new KeyValuePair<Guid, Job>(payment.OrderId, known));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hardStop = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, options.Value.MaxConcurrentCalls)
            .Select(_ => RunLaneAsync(hardStop.Token))
            .ToArray();
        await Task.Delay(Timeout.Infinite, stoppingToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What was taken is finished if it can be soon; the rest is in its rows.
        _queue.Writer.Complete();
        hardStop.CancelAfter(StopPatience);
        await Task.WhenAll(lanes);
    }

    private async Task RunLaneAsync(CancellationToken hardStop)
    {
        try
        {
            await foreach (var job in _queue.Reader.ReadAllAsync(hardStop))
            {
                await RunAsync(job, hardStop);
            }
        }
        catch (OperationCanceledException) when (hardStop.IsCancellationRequested)
        {
            // The leases of the rows that are left end, and another process goes on with them.
        }
    }

    private async Task RunAsync(Job job, CancellationToken ct)
    {
        try
        {
            while (job.Take() is { } payment)
            {
                var decision = await CallAsync(payment, ct);
                if (decision is { CallNow: true })
                {
                    job.Offer(decision.Payment);
                }
            }
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            // The answer is lost, but not the row: when its lease ends the same call is made with
            // the same key. One payment at fault must not take the lane with it.
            LogNotRecorded(logger, failure, job.OrderId);
        }
        finally
        {
            job.End();
            _jobs.TryRemove(new KeyValuePair<Guid, Job>(job.OrderId, job));
        }
    }

    private async Task<PaymentDecision?> CallAsync(Payment payment, CancellationToken ct)
    {
        if (payment.DueCall is not { } call)
        {
            return null;
        }
        using var activity = MessagingTelemetry.Start(
            "stripe " + call, ActivityKind.Internal, payment.TraceParent);
        // The HTTP span of the call and the record of its answer join the order's trace.
        Activity.Current = activity;
        CrashPoints.Reach(CrashPoint.BeforeStripeCall);
        var fact = await calls.MakeAsync(call, payment, ct);
        CrashPoints.Reach(CrashPoint.AfterStripeCall);
        return await recorder.RecordAsync(
            payment.OrderId, fact, activity?.Id ?? payment.TraceParent);
    }

    [LoggerMessage(LogLevel.Error,
        "Stripe's answer for order {OrderId} was not recorded, the call will be repeated.")]
    private static partial void LogNotRecorded(ILogger logger, Exception failure, Guid orderId);

    /// <summary>One order in work. Newer rows replace the one that waits.</summary>
    private sealed class Job(Payment payment)
    {
        private readonly Lock _gate = new();
        private Payment? _next = payment;
        private int _version = payment.Version;
        private bool _ended;

        public Guid OrderId { get; } = payment.OrderId;

        /// <returns>
        /// False when the job has ended; a row that is known already is not taken.
        /// </returns>
        public bool Offer(Payment row)
        {
            lock (_gate)
            {
                if (!_ended && row.Version > _version)
                {
                    (_next, _version) = (row, row.Version);
                }
                return !_ended;
            }
        }

        /// <returns>The newest row, or null: then the job has ended.</returns>
        public Payment? Take()
        {
            lock (_gate)
            {
                var row = _next;
                _next = null;
                _ended = row is null;
                return row;
            }
        }

        public void End()
        {
            lock (_gate)
            {
                _ended = true;
            }
        }
    }
}

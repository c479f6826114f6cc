using System.Diagnostics;

namespace Artesanos.Messaging;

/// <summary>
/// Coalesces concurrent callers into one transaction: while one flush is on its way to the disk,
/// the next callers gather, and the following flush takes them all. There is no timer, so a
/// caller alone waits for nothing.
/// </summary>
/// <param name="flush">Commits the items in one transaction; one result per item, in order.</param>
/// <param name="maxBatch">Items of one transaction.</param>
/// <param name="maxWaiting">Callers that may wait; the next one gets <see cref="OverloadedException"/>.</param>
public sealed class GroupCommit<TItem, TResult>(
    Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> flush,
    int maxBatch, int maxWaiting)
{
    private readonly Lock _gate = new();
    private readonly Queue<Caller> _waiting = new();
    private bool _flushing;

    private sealed record Caller(TItem Item, Activity? Activity)
    {
        public TaskCompletionSource<TResult> Result { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Callers whose transaction has not begun.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Ends when the transaction with this item is committed, or failed.</summary>
    /// <exception cref="OverloadedException">Too many callers wait already.</exception>
    public Task<TResult> CommitAsync(TItem item)
    {
        var caller = new Caller(item, Activity.Current);
        lock (_gate)
        {
            if (_waiting.Count >= maxWaiting)
            {
                throw new OverloadedException();
            }
            _waiting.Enqueue(caller);
            if (_flushing)
            {
                return caller.Result.Task;
            }
            _flushing = true;
        }
        // The flush serves many callers, and whose trace it joins is seen when they are known.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(FlushAllAsync);
        }
        return caller.Result.Task;
    }

    private async Task FlushAllAsync()
    {
        while (true)
        {
            List<Caller> callers;
            lock (_gate)
            {
                callers = new List<Caller>(Math.Min(maxBatch, _waiting.Count));
                while (callers.Count < maxBatch && _waiting.TryDequeue(out var caller))
                {
                    callers.Add(caller);
                }
                if (callers.Count == 0)
                {
                    _flushing = false;
                    return;
                }
            }
            await FlushAsync(callers);
        }
    }

    private async Task FlushAsync(List<Caller> callers)
    {
        MessagingTelemetry.Share(callers, caller => caller.Activity);
        try
        {
            var results = await flush(
                [.. callers.Select(caller => caller.Item)], CancellationToken.None);
            for (var i = 0; i < callers.Count; i++)
            {
                callers[i].Result.SetResult(results[i]);
            }
        }
        catch (Exception) when (callers.Count > 1)
        {
            // One item may have spoilt it for all: each gets a transaction of its own.
            foreach (var caller in callers)
            {
                await FlushAsync([caller]);
            }
        }
        catch (Exception failure)
        {
            callers[0].Result.SetException(failure);
        }
    }
}

/// <summary>More work waits than may wait; the caller should come again later.</summary>
public sealed class OverloadedException : Exception
{
    public OverloadedException() : base("Too many requests are waiting to be written.") { }
    public OverloadedException(string message) : base(message) { }
    public OverloadedException(string message, Exception inner) : base(message, inner) { }
}

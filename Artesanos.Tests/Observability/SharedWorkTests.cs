using System.Diagnostics;
using Artesanos.Messaging;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>What is done for several orders at once can be found from each of them.</summary>
public sealed class SharedWorkTests
{
    [Fact]
    public async Task Work_for_several_orders_joins_the_first_trace_and_the_others_link_to_it()
    {
        using var source = new ActivitySource("Tests.SharedWork");
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var (begun, flushed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var during = new List<string?>();
        var commits = new GroupCommit<int, int>(async (items, _) =>
        {
            during.Add(Activity.Current?.TraceId.ToString());
            begun.TrySetResult();
            await flushed.Task;
            return items;
        }, maxBatch: 10, maxWaiting: 10);

        // The first flush holds the next two callers until they can be flushed together.
        var first = CallAsync(source, commits, 0);
        await begun.Task;
        var (second, third) = (CallAsync(source, commits, 1), CallAsync(source, commits, 2));
        flushed.SetResult();
        var activities = await Task.WhenAll(first, second, third);

        Assert.Equal(
            [activities[0].TraceId.ToString(), activities[1].TraceId.ToString()], during);
        Assert.Empty(activities[0].Links);
        Assert.Empty(activities[1].Links);
        Assert.Equal(activities[1].Context, Assert.Single(activities[2].Links).Context);
    }

    private static async Task<Activity> CallAsync(
        ActivitySource source, GroupCommit<int, int> commits, int number)
    {
        Activity.Current = null;
        using var activity = source.StartActivity("call")!;
        await commits.CommitAsync(number);
        return activity;
    }
}

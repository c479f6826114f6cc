using Xunit;

namespace Artesanos.Tests;

internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Polls until the condition holds; fails with what was waited for.</summary>
    public static Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan patience, string what, CancellationToken ct) =>
        TrueAsync(condition, patience, () => what, ct);

    /// <param name="what">Asked when time is over: it may tell what there was instead.</param>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan patience, Func<string> what, CancellationToken ct)
    {
        var until = TimeProvider.System.GetUtcNow() + patience;
        while (!await condition())
        {
            if (TimeProvider.System.GetUtcNow() > until)
            {
                Assert.Fail(
                    $"After {patience.TotalSeconds} s it is still not true that {what()}.");
            }
            await Task.Delay(Interval, ct);
        }
    }
}

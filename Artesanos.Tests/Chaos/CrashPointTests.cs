using System.Net;
using Artesanos.Messaging;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>
/// SIGKILL at every commit, publish and ack of each service, while shoppers go on ordering: the
/// process dies at the exact line, amid the work.
/// </summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class CrashPointTests(Topology topology)
{
    private static readonly TimeSpan HitPatience = TimeSpan.FromSeconds(60);
    // Each time another one, so that batches are cut at different places.
    private static readonly int[] Passages = [1, 3, 7];
    private static readonly string[] All = ["orders", "payments", "inventory"];
    private static readonly string[] Payments = ["payments"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Nothing_is_lost_or_done_twice_by_crashes_around_a_commit() =>
        SurviveAsync(All, CrashPoint.BeforeCommit, CrashPoint.AfterCommit);

    [Fact]
    public Task Nothing_is_lost_or_done_twice_by_crashes_around_a_publish() =>
        SurviveAsync(
            All, CrashPoint.BeforePublish, CrashPoint.AfterPublish, CrashPoint.AfterMark);

    [Fact]
    public Task Nothing_is_lost_or_done_twice_by_crashes_around_an_ack() =>
        SurviveAsync(All, CrashPoint.BeforeAck, CrashPoint.AfterAck);

    [Fact]
    public Task Nobody_pays_twice_by_crashes_around_a_call_to_Stripe() =>
        SurviveAsync(Payments, CrashPoint.BeforeStripeCall, CrashPoint.AfterStripeCall);

    [Fact]
    public Task Nothing_is_lost_or_done_twice_by_crashes_around_a_webhook() =>
        SurviveAsync(Payments, CrashPoint.BeforeEventStored, CrashPoint.AfterEventStored);

    [Fact]
    public async Task Nothing_is_lost_when_the_sweeper_dies_with_what_it_claimed()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("Replicas") is not (null or "1"),
            "While one replica starts again, another publishes what it left.");
        await using var shopping = await Shopping.StartAsync(topology, Ct);
        // Leaves rows behind that nobody has published; the next process claims them, and dies.
        await CrashAsync("orders", CrashPoint.AfterCommit, passage: 1);
        await CrashAsync("orders", CrashPoint.AfterClaim, passage: 1);
        await shopping.EndWellAsync(Ct);
    }

    private async Task SurviveAsync(string[] services, params CrashPoint[] points)
    {
        await using var shopping = await Shopping.StartAsync(topology, Ct);
        foreach (var point in points)
        {
            await Task.WhenAll(services.Select((service, i) =>
                CrashAsync(service, point, Passages[i])));
        }
        await shopping.EndWellAsync(Ct);
    }

    private async Task CrashAsync(string service, CrashPoint point, int passage)
    {
        await ArmAsync(service, point, passage);
        try
        {
            // That it dies is the proof that the point lies on the way of an order.
            await topology.App.ResourceNotifications.WaitForResourceAsync(
                service, KnownResourceStates.Exited, Ct).WaitAsync(HitPatience, Ct);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{service} never came to {point}, passage {passage}.");
        }
        finally
        {
            await topology.StartAsync(service, Ct);
        }
    }

    private async Task ArmAsync(string service, CrashPoint point, int passage)
    {
        // A connection of its own: a pooled one may lead to the process that died before.
        using var direct = new HttpClient
        {
            BaseAddress = topology.App.GetEndpoint(service, "http"),
        };
        try
        {
            using var armed = await direct.PostAsync(
                $"/dev/crash-points/{point}?passage={passage}", content: null, Ct);
            Assert.Equal(HttpStatusCode.NoContent, armed.StatusCode);
        }
        catch (HttpRequestException)
        {
            // It died at once, before its answer left.
        }
    }
}

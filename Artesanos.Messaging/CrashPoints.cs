using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Artesanos.Messaging;

/// <summary>Each boundary at which a dying process leaves something half done.</summary>
public enum CrashPoint
{
    /// <summary>All is decided, nothing of it written.</summary>
    BeforeCommit,

    /// <summary>Committed, but nobody was told and nothing was handed to the publisher.</summary>
    AfterCommit,
    BeforePublish,

    /// <summary>The stream has the message, its row does not know.</summary>
    AfterPublish,
    AfterMark,

    /// <summary>The sweeper has claimed rows that another process left behind.</summary>
    AfterClaim,

    /// <summary>Handled and committed; the server will deliver it again.</summary>
    BeforeAck,

    /// <summary>One message of the batch is acknowledged, the others are not.</summary>
    AfterAck,

    /// <summary>The row says that Stripe is about to be called.</summary>
    BeforeStripeCall,

    /// <summary>Stripe did it, and the answer dies with the process.</summary>
    AfterStripeCall,
    BeforeEventStored,

    /// <summary>Stripe's event is stored and never gets its 200.</summary>
    AfterEventStored,
}

/// <summary>
/// Lets a test kill this process at an exact place, in the same binaries that run elsewhere.
/// Only the endpoint arms a point, and it exists in Development alone; everywhere else
/// <see cref="Reach"/> reads one null field.
/// </summary>
public static class CrashPoints
{
    private static Armed? _armed;

    /// <summary>Ends the process with SIGKILL if this is the point and the time it is armed for.
    /// </summary>
    public static void Reach(CrashPoint point)
    {
        if (Volatile.Read(ref _armed) is { } armed && armed.Point == point && armed.IsLastPassage())
        {
            Process.GetCurrentProcess().Kill();
            // The signal is on its way; nothing more may happen on this thread.
            Thread.Sleep(Timeout.Infinite);
        }
    }

    /// <summary>
    /// <c>POST /dev/crash-points/{point}?passage=N</c> answers 204: the process dies at the N-th
    /// passage from now, counted from 1. Development only, and never through the gateway.
    /// </summary>
    public static void MapCrashPoints(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapPost("/dev/crash-points/{point}", (CrashPoint point, int passage) =>
            {
                Volatile.Write(ref _armed, new Armed(point, passage));
                return TypedResults.NoContent();
            }).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private sealed class Armed(CrashPoint point, int passage)
    {
        private int _passagesLeft = passage;

        public CrashPoint Point => point;

        public bool IsLastPassage() => Interlocked.Decrement(ref _passagesLeft) == 0;
    }
}

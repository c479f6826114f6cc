using Artesanos.Payments.Charging;
using static Artesanos.Tests.Proof.Exploration.StripeState;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>
/// Stripe and the shopper at Stripe. A call is executed here; its answer is recorded by a later
/// step, or never, and then the call is made again.
/// </summary>
internal static class StripeModel
{
    public static IEnumerable<(World After, string What)> Call(World world, StripeCall call) =>
        call switch
        {
            StripeCall.CreateIntent => Create(world),
            StripeCall.ConfirmIntent => Confirm(world),
            StripeCall.CancelIntent => Cancel(world),
            StripeCall.FetchIntent => Fetch(world),
            _ => Refund(world, call),
        };

    private static IEnumerable<(World, string)> Create(World world)
    {
        if (world.Stripe is NoIntent)
        {
            yield return (world.WithStripe(Open).Tell(Fact.Created), "Stripe creates the intent");
        }
        else if (world.Stripe is not Refuses)
        {
            yield return (world.Tell(Fact.Created), "Stripe repeats: created");
        }
        if (world.Stripe is NoIntent or Refuses)
        {
            yield return (world.WithStripe(Refuses).Tell(Fact.CreateRefused),
                "Stripe refuses to create the intent");
        }
    }

    private static IEnumerable<(World, string)> Confirm(World world)
    {
        switch (world.Stripe)
        {
            case Open:
                yield return (Pay(world).Tell(Fact.ConfirmSucceeded), "Stripe charges the card");
                yield return (
                    world.WithStripe(Processing).Tell(Fact.ConfirmProcessing)
                        .Tell(Fact.HookProcessing),
                    "Stripe processes the confirm");
                yield return (
                    world.WithStripe(NeedsAction).Tell(Fact.ConfirmNeedsAction),
                    "Stripe wants 3-D Secure");
                yield return (world.Tell(Fact.ConfirmDeclined).Tell(Fact.HookDeclined),
                    "Stripe declines the card");
                yield return (world.Tell(Fact.ConfirmDeclinedForNow),
                    "Stripe declines for now (lock_timeout)");
                break;
            case NeedsAction:
                yield return (world.Tell(Fact.ConfirmNeedsAction), "Stripe wants 3-D Secure");
                break;
            case Processing:
                yield return (world.Tell(Fact.ConfirmProcessing), "Stripe is processing");
                break;
            case Canceled:
                yield return (world.Tell(Fact.ConfirmCanceled), "Stripe: canceled already");
                break;
            default:
                yield return (world.Tell(Fact.ConfirmSucceeded), "Stripe: succeeded already");
                break;
        }
    }

    private static IEnumerable<(World, string)> Cancel(World world)
    {
        switch (world.Stripe)
        {
            case Open or NeedsAction:
                yield return (
                    world.WithStripe(Canceled).Tell(Fact.CancelDone).Tell(Fact.HookCanceled),
                    "Stripe cancels the intent");
                break;
            case Canceled:
                yield return (world.Tell(Fact.CancelDone), "Stripe: canceled already");
                break;
            case Processing:
                yield return (world.Tell(Fact.CancelWhileProcessing),
                    "Stripe cannot cancel what it processes");
                break;
            default:
                yield return (world.Tell(Fact.CancelTooLate),
                    "Stripe cannot cancel what succeeded");
                break;
        }
    }

    private static IEnumerable<(World, string)> Fetch(World world)
    {
        var fact = world.Stripe switch
        {
            Open or NeedsAction => Fact.FetchedOpen,
            Processing => Fact.FetchedProcessing,
            Canceled => Fact.FetchedCanceled,
            _ => Fact.FetchedSucceeded,
        };
        yield return (world.Tell(fact), "Stripe tells the intent");
    }

    private static IEnumerable<(World, string)> Refund(World world, StripeCall call)
    {
        switch (world.Stripe)
        {
            case Succeeded when call == StripeCall.CreateRefund:
                yield return (GiveBack(world).Tell(Fact.RefundDone), "Stripe refunds");
                yield return (world.WithStripe(RefundPending).Tell(Fact.RefundPending),
                    "Stripe takes the refund");
                yield return (world.Tell(Fact.RefundFailed), "Stripe cannot refund now");
                break;
            case Succeeded:
                yield return (world.Tell(Fact.RefundFailed), "Stripe: the refund failed");
                yield return (world.Tell(Fact.RefundMissing), "Stripe: there is no refund");
                break;
            case RefundPending:
                yield return (world.Tell(Fact.RefundPending), "Stripe: the refund is pending");
                break;
            default:
                yield return (
                    world.Tell(call == StripeCall.CreateRefund
                        ? Fact.RefundDoneBefore : Fact.RefundDone),
                    "Stripe: refunded already");
                break;
        }
    }

    /// <summary>What Stripe ends sooner or later without anyone's help.</summary>
    public static IEnumerable<(World After, string What)> ByItself(World world)
    {
        if (world.Stripe == Processing)
        {
            yield return (Pay(world), "processing ends: succeeded");
            yield return (world.WithStripe(Open).Tell(Fact.HookDeclined),
                "processing ends: declined");
        }
        if (world.Stripe == RefundPending)
        {
            yield return (GiveBack(world), "the pending refund succeeds");
            yield return (world.WithStripe(Succeeded).Tell(Fact.HookRefundFailed),
                "the pending refund fails");
        }
    }

    /// <summary>The shopper's browser and the dashboard, at any moment or never.</summary>
    public static IEnumerable<(World After, string What)> Shopper(World world)
    {
        if (world.Stripe is Open or NeedsAction)
        {
            yield return (Pay(world), "the shopper pays");
            yield return (world.WithStripe(Processing).Tell(Fact.HookProcessing),
                "the shopper pays, Stripe processes");
            yield return (world.WithStripe(Open).Tell(Fact.HookDeclined),
                "the shopper's card is declined");
            yield return (world.WithStripe(Canceled).Tell(Fact.HookCanceled),
                "someone cancels the intent in the dashboard");
        }
    }

    private static World Pay(World world) =>
        world.WithStripe(Succeeded).Tell(Fact.HookSucceeded);

    private static World GiveBack(World world) =>
        world.WithStripe(Refunded).Tell(Fact.HookRefunded);
}

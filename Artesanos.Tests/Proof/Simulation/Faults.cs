namespace Artesanos.Tests.Proof.Simulation;

/// <summary>
/// How much goes wrong in a run, as probabilities of single occasions. Each seed draws its own
/// mix, many of them zero: a run in which everything fails all the time explores little.
/// </summary>
internal sealed class Faults(Dice dice, Agenda agenda, TimeSpan end)
{
    private readonly DateTimeOffset _end = Agenda.Start + end;

    private readonly double _crash = Mix(dice, 0.05);
    private readonly double _lostAck = Mix(dice, 0.1);
    private readonly double _duplicate = Mix(dice, 0.1);
    private readonly double _late = Mix(dice, 0.2);
    private readonly double _lostHook = Mix(dice, 0.5);
    private readonly double _lostAnswer = Mix(dice, 0.3);
    private readonly double _serverError = Mix(dice, 0.2);
    private readonly double _outage = Mix(dice, 0.5);
    private readonly double _standstill = Mix(dice, 0.5);

    /// <summary>After the last of them everything has to come to an end.</summary>
    public bool Active => agenda.Now < _end;

    /// <summary>A process dies here.</summary>
    public bool Crash() => Happens(_crash);

    /// <summary>A transaction was committed, the acknowledgement is not heard.</summary>
    public bool LosesAck() => Happens(_lostAck);

    /// <summary>The broker or Stripe delivers twice.</summary>
    public bool Duplicates() => Happens(_duplicate);

    public bool LosesWebhook() => Happens(_lostHook);

    /// <summary>Stripe did what was asked, its answer is not heard.</summary>
    public bool LosesAnswer() => Happens(_lostAnswer);

    /// <summary>A 500, which Stripe stores under the idempotency key.</summary>
    public bool ServerError() => Happens(_serverError);

    /// <summary>In every minute: the broker goes away for a while.</summary>
    public bool Outage() => Happens(_outage / 5);

    /// <summary>In every minute: all processes of a service are away for a while.</summary>
    public bool Standstill() => Happens(_standstill / 5);

    /// <summary>Mostly milliseconds, sometimes so long that others overtake.</summary>
    public TimeSpan Latency() => Happens(_late)
        ? dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(dice.Chance(0.2) ? 25 : 2))
        : dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(40));

    private bool Happens(double probability) => Active && dice.Chance(probability);

    private static double Mix(Dice dice, double most) =>
        dice.Chance(0.4) ? 0 : most * dice.Between(1, 101) / 100.0;
}

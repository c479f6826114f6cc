using Artesanos.Messaging.Contracts;
using static Artesanos.Inventory.Reservations.ReservationState;

namespace Artesanos.Inventory.Reservations;

/// <summary>What becomes of a reservation, its products and whoever asked.</summary>
/// <param name="Next">The reservation to store, or null when nothing changes.</param>
/// <param name="Answer">The event to publish, or null when nobody waits for one.</param>
/// <param name="Refusal">Why the message must never have come, or null.</param>
internal sealed record Decision(
    Reservation? Next, IReadOnlyList<StockChange> Stock, object? Answer, string? Refusal = null)
{
    public static Decision Refuse(string reason) => new(null, [], null, reason);
}

/// <summary>
/// Every reservation state × every command, without I/O. Orders relies on three of its
/// properties: a release is always answered, a repeated command is answered with the outcome that
/// stands, and a refusal or rejection is stored, so that no repetition takes stock for a dead
/// order.
/// </summary>
internal static class ReservationRules
{
    public const string OutOfStock = "out_of_stock";
    public const string UnknownProduct = "unknown_product";
    public const string MixedCurrencies = "mixed_currencies";

    /// <summary>Keeps the sums far from overflow; an order has at most a hundred lines.</summary>
    public const int MaxLines = 1000;

    private static readonly StockChange[] NoChange = [];

    /// <summary>Holds all lines or none.</summary>
    /// <param name="stock">The locked products; one that is not in it does not exist.</param>
    public static Decision Reserve(
        Reservation? current, ReserveInventory command,
        IReadOnlyDictionary<Guid, ProductStock> stock, DateTimeOffset until)
    {
        if (current is not null)
        {
            return new Decision(null, NoChange, StandingAnswer(current));
        }
        if (command.Lines.Count is 0 or > MaxLines
            || command.Lines.Any(line => line is not { Quantity: > 0 }))
        {
            return Decision.Refuse($"A reserve needs 1 to {MaxLines} lines of at least one piece.");
        }

        // Two lines for one product would each find enough for itself: their sum is checked.
        var wanted = command.Lines
            .GroupBy(line => line.ProductId, line => (long)line.Quantity)
            .Select(lines => (ProductId: lines.Key, Quantity: lines.Sum()))
            .ToList();
        var unknown = wanted.Where(line => !stock.ContainsKey(line.ProductId)).ToList();
        if (unknown.Count > 0)
        {
            return Refused(UnknownProduct, unknown.Select(line => Short(line, 0)));
        }
        var lacking = wanted
            .Where(line => stock[line.ProductId].Available < line.Quantity).ToList();
        if (lacking.Count > 0)
        {
            return Refused(OutOfStock,
                lacking.Select(line => Short(line, stock[line.ProductId].Available)));
        }
        var currency = stock[wanted[0].ProductId].Currency;
        if (wanted.Any(line => stock[line.ProductId].Currency != currency))
        {
            return Refused(MixedCurrencies, []);
        }

        // Each quantity is available, so it fits the counters of a product.
        var priced = wanted.ConvertAll(line => new PricedLine(line.ProductId,
            stock[line.ProductId].Name, (int)line.Quantity, stock[line.ProductId].PriceMinor));
        var held = new Reservation(command.OrderId, HELD, priced,
            checked(priced.Sum(line => line.UnitPriceMinor * line.Quantity)), currency, until,
            null, []);
        return new Decision(held, Changes(held, onHand: 0, held: +1), StandingAnswer(held));

        Decision Refused(string reason, IEnumerable<ShortLine> missing)
        {
            var refused = new Reservation(
                command.OrderId, REFUSED, [], 0, null, null, reason, [.. missing]);
            return new Decision(refused, NoChange, StandingAnswer(refused));
        }
    }

    /// <summary>Sells what is held, or what can still be had of a hold that expired.</summary>
    public static Decision Commit(
        Reservation? current, IReadOnlyDictionary<Guid, ProductStock> stock)
    {
        switch (current?.State)
        {
            case null:
                return Decision.Refuse("There is no reservation to commit.");
            case HELD:
                return Become(current, COMMITTED, Changes(current, onHand: -1, held: -1));
            case EXPIRED when current.Lines.All(line =>
                stock[line.ProductId].Available >= line.Quantity):
                return Become(current, COMMITTED, Changes(current, onHand: -1, held: 0));
            case EXPIRED:
                return Become(current, REJECTED, NoChange);
            case COMMITTED:
                return new Decision(null, NoChange, StandingAnswer(current));
            default: // REJECTED, RELEASED, REFUSED, TOMBSTONE
                return new Decision(
                    null, NoChange, new InventoryCommitRejected(current.OrderId));
        }
    }

    /// <summary>Gives back what is held, and always answers: a saga waits for it.</summary>
    public static Decision Release(Reservation? current, ReleaseInventory command)
    {
        var answer = new InventoryReleased(command.OrderId, InventoryReleased.Compensated);
        return current?.State switch
        {
            null => new Decision(
                new Reservation(command.OrderId, TOMBSTONE, [], 0, null, null, command.Reason, []),
                NoChange, answer),
            HELD => new Decision(
                current with { State = RELEASED, Reason = command.Reason },
                Changes(current, onHand: 0, held: -1), answer),
            EXPIRED => new Decision(
                current with { State = RELEASED, Reason = command.Reason }, NoChange, answer),
            COMMITTED => Decision.Refuse("What is sold cannot be released."),
            _ => new Decision(null, NoChange, answer), // RELEASED, REFUSED, REJECTED, TOMBSTONE
        };
    }

    /// <summary>The time is up. Only a live hold expires.</summary>
    public static Decision Expire(Reservation current, DateTimeOffset now) =>
        current.State == HELD && current.ReservedUntil <= now
            ? Become(current, EXPIRED, Changes(current, onHand: 0, held: -1))
            : new Decision(null, NoChange, null);

    /// <summary>An ended order should hold nothing any more. Nobody waits for an answer.</summary>
    public static Decision OrderEnded(Reservation? current, string reason) =>
        current?.State == HELD
            ? new Decision(
                current with { State = RELEASED, Reason = reason },
                Changes(current, onHand: 0, held: -1), null)
            : new Decision(null, NoChange, null);

    /// <summary>The outcome that stands, told again to whoever repeats a command.</summary>
    private static object StandingAnswer(Reservation standing) => standing.State switch
    {
        HELD => new InventoryReserved(standing.OrderId, standing.Lines, standing.TotalMinor,
            standing.Currency!, standing.ReservedUntil!.Value),
        COMMITTED => new InventoryCommitted(standing.OrderId),
        EXPIRED => new InventoryReleased(standing.OrderId, InventoryReleased.Expired),
        RELEASED or TOMBSTONE =>
            new InventoryReleased(standing.OrderId, InventoryReleased.Compensated),
        REFUSED => new InventoryOutOfStock(
            standing.OrderId, standing.Reason!, standing.Missing),
        REJECTED => new InventoryCommitRejected(standing.OrderId),
        _ => throw new InvalidOperationException($"No such state: {standing.State}."),
    };

    private static Decision Become(
        Reservation current, ReservationState state, IReadOnlyList<StockChange> stock)
    {
        var next = current with { State = state };
        return new Decision(next, stock, StandingAnswer(next));
    }

    private static StockChange[] Changes(Reservation reservation, int onHand, int held) =>
        [.. reservation.Lines.Select(line => new StockChange(
            line.ProductId, onHand * line.Quantity, held * line.Quantity))];

    private static ShortLine Short((Guid ProductId, long Quantity) line, int available) =>
        new(line.ProductId, (int)Math.Min(line.Quantity, int.MaxValue), available);
}

namespace Artesanos.Dashboard.Orders;

/// <summary>A state of the saga, where it is drawn, and what it waits for.</summary>
/// <param name="Name">As in the history: COMPENSATING/payment.</param>
/// <param name="Service">Who must answer; null where nobody must.</param>
/// <param name="Command">What was asked.</param>
/// <param name="AtDeadline">What the saga does by itself when no answer comes.</param>
internal sealed record SagaState(
    string Name, int X, int Y, string? Service = null, string? Command = null,
    string? AtDeadline = null)
{
    public const int Width = 184;
    public const int Height = 56;

    public int MiddleX => X + (Width / 2);
    public int MiddleY => Y + (Height / 2);
}

/// <summary>The saga as a map: every state of its table and every move. A test holds it against
/// <c>SagaTable</c> itself.</summary>
internal static class SagaMap
{
    public const int Width = 1_060;
    public const int Height = 316;

    public static IReadOnlyList<SagaState> States { get; } =
    [
        new("STARTED", 10, 40, "inventory", "inventory.commands.reserve",
            "asks once again, then fails the order (reserve_timeout)"),
        new("STOCK_RESERVED", 224, 40, "payments", "payments.commands.process",
            "asks once again, then undoes the order (payment_timeout)"),
        new("PAYMENT_PENDING", 438, 40, "payments", "payments.commands.process",
            "undoes the order (payment_timeout)"),
        new("CONFIRMING", 652, 40, "inventory", "inventory.commands.commit", "asks again"),
        new("COMPLETED", 866, 40),
        new("COMPENSATING/payment", 545, 150, "payments", "payments.commands.cancel",
            "asks again"),
        new("COMPENSATING/stock", 224, 150, "inventory", "inventory.commands.release",
            "asks again"),
        new("FAILED", 117, 250),
        new("CANCELLED", 331, 250),
    ];

    public static IReadOnlyList<(string From, string To)> Moves { get; } =
    [
        ("STARTED", "STOCK_RESERVED"), ("STARTED", "COMPENSATING/stock"), ("STARTED", "FAILED"),
        ("STOCK_RESERVED", "PAYMENT_PENDING"), ("STOCK_RESERVED", "CONFIRMING"),
        ("STOCK_RESERVED", "COMPENSATING/payment"), ("STOCK_RESERVED", "COMPENSATING/stock"),
        ("PAYMENT_PENDING", "CONFIRMING"), ("PAYMENT_PENDING", "COMPENSATING/payment"),
        ("PAYMENT_PENDING", "COMPENSATING/stock"),
        ("CONFIRMING", "COMPLETED"), ("CONFIRMING", "COMPENSATING/payment"),
        ("COMPENSATING/payment", "COMPENSATING/stock"),
        ("COMPENSATING/stock", "FAILED"), ("COMPENSATING/stock", "CANCELLED"),
    ];

    public static SagaState Find(string name) => States.First(state => state.Name == name);

    /// <summary>An SVG path from one state's edge to another's.</summary>
    public static string Path((string From, string To) move)
    {
        var (from, to) = (Find(move.From), Find(move.To));
        if (from.Y == to.Y)
        {
            // Over what lies between, or straight to the neighbour.
            return Math.Abs(from.X - to.X) > 300 && from.Y < 100
                ? $"M{from.MiddleX} {from.Y} C{from.MiddleX} 4 {to.MiddleX} 4 {to.MiddleX} {to.Y}"
                : from.X < to.X
                    ? $"M{from.X + SagaState.Width} {from.MiddleY} L{to.X} {to.MiddleY}"
                    : $"M{from.X} {from.MiddleY} L{to.X + SagaState.Width} {to.MiddleY}";
        }
        var (top, bottom) = (from.Y + SagaState.Height, to.Y);
        var bend = (bottom - top) / 2;
        return $"M{from.MiddleX} {top} C{from.MiddleX} {top + bend} "
            + $"{to.MiddleX} {bottom - bend} {to.MiddleX} {bottom}";
    }
}

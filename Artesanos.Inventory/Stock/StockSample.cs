using System.Diagnostics.Metrics;
using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Metrics;
using Artesanos.ServiceDefaults.Metrics;
using Npgsql;

namespace Artesanos.Inventory.Stock;

/// <summary>What is in the workshops and what is held, as the tables say.</summary>
internal sealed class StockSample(NpgsqlDataSource database, TimeProvider time) : ISample
{
    /// <summary>
    /// Holds and low products have partial indexes of their own. The pieces are summed over the
    /// catalogue, which grows with what artisans make and not with what is sold.
    /// </summary>
    private const string Sql =
        """
        SELECT (SELECT count(*) FROM reservations WHERE state = 'HELD'),
            (SELECT coalesce(extract(epoch FROM now() - min(reserved_until)), 0)::float8
             FROM reservations WHERE state = 'HELD'),
            (SELECT count(*) FROM products WHERE low_since IS NOT NULL),
            count(*), coalesce(sum(on_hand - held), 0), coalesce(sum(held), 0)
        FROM products
        """;

    private readonly SampledGauge _held = new(ReservationMetrics.Meter, "reservation.held",
        "{reservation}", "Reservations that hold stock now.", time);

    private readonly SampledGauge _lag = new(ReservationMetrics.Meter, "reservation.expiry.lag",
        "s", "How long ago the first hold ran out that was not given back yet.", time);

    private readonly SampledGauge _low = new(ReservationMetrics.Meter, "stock.low",
        "{product}", "Products below their threshold.", time);

    private readonly SampledGauge _products = new(ReservationMetrics.Meter, "stock.products",
        "{product}", "Products of the catalogue.", time);

    private readonly SampledGauge _pieces = new(ReservationMetrics.Meter, "stock.pieces",
        "{piece}", "Pieces of all products, by whether an order holds them.", time);

    public async Task TakeAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        _held.Set(row.GetInt64(0));
        _lag.Set(Math.Max(0, row.GetDouble(1)));
        _low.Set(row.GetInt64(2));
        _products.Set(row.GetInt64(3));
        _pieces.Set([Pieces(row.GetInt64(4), "available"), Pieces(row.GetInt64(5), "held")]);
    }

    private static Measurement<double> Pieces(long pieces, string state) =>
        new(pieces, new KeyValuePair<string, object?>("state", state));
}

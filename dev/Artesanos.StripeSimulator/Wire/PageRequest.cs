using System.Text.Json;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>A cursor page (<c>limit</c>, <c>starting_after</c>, <c>ending_before</c>) and the
/// filter on <c>created</c> that all of Stripe's lists share.</summary>
internal sealed record PageRequest(int Limit, string? StartingAfter, string? EndingBefore)
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 100;

    public static PageRequest Of(StripeParameters parameters)
    {
        var limit = parameters.Integer("limit") ?? DefaultLimit;
        if (limit is < 1 or > MaxLimit)
        {
            throw StripeRefusal.Invalid(
                limit < 1
                    ? "This value must be greater than or equal to 1."
                    : $"This value must be less than or equal to {MaxLimit}.",
                "limit", "parameter_invalid_integer");
        }

        var after = parameters.Text("starting_after");
        var before = parameters.Text("ending_before");
        if (after is not null && before is not null)
        {
            throw StripeRefusal.Exclusive("ending_before", "starting_after");
        }

        return new PageRequest((int)limit, after, before);
    }

    /// <summary><c>created=t</c>, <c>created[gt|gte|lt|lte]=t</c>, in Unix seconds.</summary>
    public static Func<long, bool> CreatedFilter(StripeParameters parameters)
    {
        foreach (var (field, _) in parameters.Hash("created"))
        {
            if (field is not ("gt" or "gte" or "lt" or "lte"))
            {
                throw StripeRefusal.UnknownParameters($"created[{field}]");
            }
        }

        var exactly = parameters.Integer("created");
        var least = Math.Max(
            parameters.Integer("created[gte]") ?? long.MinValue,
            (parameters.Integer("created[gt]") ?? (long.MinValue + 1)) + 1);
        var most = Math.Min(
            parameters.Integer("created[lte]") ?? long.MaxValue,
            (parameters.Integer("created[lt]") ?? (long.MaxValue - 1)) - 1);
        return created =>
            (exactly is null || created == exactly) && created >= least && created <= most;
    }

    public static void WriteList<T>(
        Utf8JsonWriter json, string url, (IReadOnlyList<T> Page, bool HasMore) page,
        Action<T> writeItem)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var item in page.Page)
        {
            writeItem(item);
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more", page.HasMore);
        json.WriteString("url", url);
        json.WriteEndObject();
    }
}

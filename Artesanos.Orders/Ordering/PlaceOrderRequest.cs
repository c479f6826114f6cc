namespace Artesanos.Orders.Ordering;

/// <summary>Body of POST /orders.</summary>
/// <param name="Lines">What is ordered, 1 to 100 lines; at most 1000 pieces of a product.</param>
/// <param name="PaymentMethodId">With it the payment is confirmed on the server (API clients).</param>
/// <param name="ExpectedTotalMinor">What the shopper saw; another total ends the order unpaid.</param>
/// <param name="ShippingAddress">Where it goes.</param>
internal sealed record PlaceOrderRequest(
    IReadOnlyList<PlaceOrderLine> Lines,
    string? PaymentMethodId = null,
    long? ExpectedTotalMinor = null,
    ShippingAddress? ShippingAddress = null)
{
    private const int MaxLines = 100;
    private const int MaxQuantity = 1000;

    /// <returns>Every wrong field with what is wrong; empty for a valid request.</returns>
    public Dictionary<string, string[]> Validate()
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (Lines.Count is 0 or > MaxLines)
        {
            errors["lines"] = [$"must have 1 to {MaxLines} lines"];
            return errors;
        }
        for (var i = 0; i < Lines.Count; i++)
        {
            // The serializer lets a null element of a list pass.
            if (Lines[i] is not { } line)
            {
                errors[$"lines[{i}]"] = ["must not be null"];
                continue;
            }
            if (line.ProductId == Guid.Empty)
            {
                errors[$"lines[{i}].productId"] = ["must be the id of a product"];
            }
            if (line.Quantity is < 1 or > MaxQuantity)
            {
                errors[$"lines[{i}].quantity"] = [$"must be 1 to {MaxQuantity}"];
            }
        }
        CheckTotals(errors);
        ShippingAddress?.Validate(errors);
        return errors;
    }

    private void CheckTotals(Dictionary<string, string[]> errors)
    {
        // The same product on several lines counts as one line.
        foreach (var product in Lines.Where(line => line is { Quantity: > 0 and <= MaxQuantity })
            .GroupBy(line => line.ProductId)
            .Where(product => product.Sum(line => line.Quantity) > MaxQuantity))
        {
            errors["lines"] = [$"must not ask for more than {MaxQuantity} of {product.Key}"];
        }
        if (ExpectedTotalMinor is <= 0)
        {
            errors["expectedTotalMinor"] = ["must be positive"];
        }
        if (PaymentMethodId is not null)
        {
            Field.Check(errors, "paymentMethodId", PaymentMethodId, 128);
        }
    }
}

/// <summary>A product that is ordered.</summary>
/// <param name="ProductId">A product of the catalogue.</param>
/// <param name="Quantity">Pieces, 1 to 1000.</param>
internal sealed record PlaceOrderLine(Guid ProductId, int Quantity);

/// <summary>Where the carrier takes it.</summary>
/// <param name="Name">Who receives it.</param>
/// <param name="Line1">Street and number.</param>
/// <param name="City">Town.</param>
/// <param name="PostalCode">As the country writes it, such as 23400.</param>
/// <param name="Country">An ISO 3166-1 alpha-2 code, such as ES.</param>
/// <param name="Line2">Floor, door and the like.</param>
/// <param name="Province">Such as Jaén.</param>
internal sealed record ShippingAddress(
    string Name, string Line1, string City, string PostalCode, string Country,
    string? Line2 = null, string? Province = null)
{
    public void Validate(Dictionary<string, string[]> errors)
    {
        const string prefix = "shippingAddress.";
        Field.Check(errors, prefix + "name", Name, 200);
        Field.Check(errors, prefix + "line1", Line1, 200);
        Field.Check(errors, prefix + "city", City, 100);
        Field.Check(errors, prefix + "postalCode", PostalCode, 20);
        if (Line2 is not null)
        {
            Field.Check(errors, prefix + "line2", Line2, 200);
        }
        if (Province is not null)
        {
            Field.Check(errors, prefix + "province", Province, 100);
        }
        if (Country.Length != 2 || !Country.All(char.IsAsciiLetterUpper))
        {
            errors[prefix + "country"] = ["must be two capital letters, such as ES"];
        }
    }
}

internal static class Field
{
    /// <summary>PostgreSQL stores no NUL, and nobody's address needs a control character.</summary>
    public static void Check(
        Dictionary<string, string[]> errors, string field, string value, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > maxLength)
        {
            errors[field] = [$"must have 1 to {maxLength} characters"];
        }
        else if (value.Any(char.IsControl) || value.Any(char.IsSurrogate) && !IsWellFormed(value))
        {
            errors[field] = ["must not have control characters or broken Unicode"];
        }
    }

    private static bool IsWellFormed(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && !char.IsSurrogatePair(value, i++))
            {
                return false;
            }
        }
        return true;
    }
}

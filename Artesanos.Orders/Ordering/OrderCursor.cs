using System.Buffers.Text;

namespace Artesanos.Orders.Ordering;

/// <summary>
/// Where a page ended, as clients carry it: opaque to them. It grants nothing: every query that
/// reads it is limited to the caller's rows, so a made-up one is only another position.
/// </summary>
internal static class OrderCursor
{
    private const int IdBytes = 16;
    private const int MaxLength = 22;

    public static string After(Guid lastOnPage) =>
        Base64Url.EncodeToString(lastOnPage.ToByteArray(bigEndian: true));

    /// <param name="id">The last id of the page before; null for the first page.</param>
    /// <returns>False for what no page has ever named.</returns>
    public static bool TryRead(string? cursor, out Guid? id)
    {
        id = null;
        if (cursor is null)
        {
            return true;
        }
        Span<byte> bytes = stackalloc byte[IdBytes];
        if (cursor.Length != MaxLength || !Base64Url.IsValid(cursor)
            || !Base64Url.TryDecodeFromChars(cursor, bytes, out var written)
            || written != IdBytes)
        {
            return false;
        }
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}

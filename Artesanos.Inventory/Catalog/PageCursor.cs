using System.Buffers.Text;

namespace Artesanos.Inventory.Catalog;

/// <summary>Where a page ended, opaque to clients.</summary>
internal static class PageCursor
{
    private const int IdBytes = 16;

    public static string Encode(Guid id) =>
        Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    public static bool TryDecode(string cursor, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        id = Guid.Empty;
        if (cursor.Length != 22 || !Base64Url.IsValid(cursor)
            || !Base64Url.TryDecodeFromChars(cursor, bytes, out var written)
            || written != IdBytes)
        {
            return false;
        }
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}

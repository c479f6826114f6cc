using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Writes one JSON value into bytes of its own, with a buffer per thread.</summary>
internal static class JsonSnapshot
{
    // Relaxed escaping keeps 'ñ' and '/' as Stripe sends them; the output is never put in HTML.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true
    };

    // A ledger of many orders needs megabytes once; the thread does not keep them.
    private const int MaxKeptBytes = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        // Taken for the time of writing, so that a nested snapshot gets a buffer of its own.
        var buffer = t_buffer ?? new ArrayBufferWriter<byte>(4096);
        t_buffer = null;
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        var bytes = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= MaxKeptBytes)
        {
            t_buffer = buffer;
        }

        return bytes;
    }
}

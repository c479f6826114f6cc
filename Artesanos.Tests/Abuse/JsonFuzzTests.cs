using System.Net.Http.Headers;
using System.Text;
using CsCheck;
using Xunit;

namespace Artesanos.Tests.Abuse;

/// <summary>
/// Random documents, and good ones with a few bytes changed, at every endpoint that reads JSON:
/// no answer but a 2xx or a 4xx. For a bounded time; a failure prints its seed, and
/// <c>CsCheck_Seed=…</c> in front of the same command repeats it.
/// </summary>
[Trait("Category", "Abuse")]
public sealed class JsonFuzzTests(Topology topology)
{
    private const int Seconds = 2;

    private const string GoodOrder = """
        {"lines":[{"productId":"01990000-0000-7000-8000-0000000000aa","quantity":2}],
         "paymentMethodId":"pm_card_visa","expectedTotalMinor":7700,"shippingAddress":
         {"name":"Ana Ruiz","line1":"Real 1","city":"Úbeda","postalCode":"23400","country":"ES"}}
        """;

    private const string GoodProduct = """
        {"name":"Jarra","town":"Úbeda","description":"x","priceMinor":100,"currency":"EUR",
         "stock":1,"lowStockThreshold":5,"artisan":"Ana","imageUrl":"/a.png"}
        """;

    private static readonly Gen<string> Scalars = Gen.OneOf(
        OneOf("null", "true", "false", "\"\"", "0", "-1", "1e400", "[]", "{}"),
        Gen.Long.Select(number => $"{number}"),
        Gen.Double.Select(number => $"{number:R}"),
        Gen.String[0, 40].Select(text => System.Text.Json.JsonSerializer.Serialize(text)));

    private static readonly Gen<string> Names = Gen.OneOf(
        OneOf("lines", "productId", "quantity", "shippingAddress", "name", "town",
            "priceMinor", "stock", "country", "expectedTotalMinor"),
        Gen.String[Gen.Char.AlphaNumeric, 0, 8]);

    private static readonly Gen<string> Documents = Gen.Recursive<string>((depth, inner) =>
        depth > 4
            ? Scalars
            : Gen.OneOf(
                Scalars,
                inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]"),
                Gen.Select(Names, inner).Array[0, 5].Select(fields => $"{{{string.Join(',',
                    fields.Select(field => $"\"{field.Item1}\":{field.Item2}"))}}}")));

    private static readonly Gen<byte[]> Bodies = Gen.OneOf(
        Documents.Select(Encoding.UTF8.GetBytes),
        Mutations(GoodOrder), Mutations(GoodProduct));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/orders", "shopper")]
    [InlineData("/products", "artisan")]
    [InlineData("/products/01990000-0000-7000-8000-000000000001/restock", "artisan")]
    [InlineData("/payments/webhook", "shopper")]
    [InlineData("/dev/token", "shopper")]
    public async Task No_document_makes_a_service_fail(string path, string role)
    {
        using var client = await topology.SignInAsync($"fuzzer-{Guid.CreateVersion7()}", role, Ct);

        await Bodies.SampleAsync(async body =>
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await client.PostAsync(path, content, Ct);
            return (int)answer.StatusCode is >= 200 and < 500;
        }, time: Seconds, threads: 1, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);
    }

    private static Gen<string> OneOf(params string[] texts) =>
        Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    /// <summary>A good document with up to four bytes replaced, removed or doubled.</summary>
    private static Gen<byte[]> Mutations(string good) =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 4].Select(edits =>
        {
            var body = Encoding.UTF8.GetBytes(good).ToList();
            foreach (var (kind, position, value) in edits)
            {
                var index = position % body.Count;
                switch (kind)
                {
                    case 0:
                        body[index] = value;
                        break;
                    case 1:
                        body.RemoveAt(index);
                        break;
                    default:
                        body.Insert(index, body[index]);
                        break;
                }
            }
            return body.ToArray();
        });
}

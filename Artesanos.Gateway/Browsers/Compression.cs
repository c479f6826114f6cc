using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace Artesanos.Gateway.Browsers;

/// <summary>
/// Compresses what everybody may read: the catalogue, documents and their page. Never an answer
/// about a person: where a secret (a client secret, an address) stands beside text that an
/// attacker chooses, the compressed length tells when both agree (BREACH), and TLS does not hide
/// lengths. Streams neither: a compressor would hold events back.
/// </summary>
internal static class Compression
{
    private static readonly string[] Documents = ["/docs", "/openapi"];

    // The list has a weak ETag, which both forms may share; a single product's is strong.
    private const string Catalogue = "/products";

    public static void AddCompression(this WebApplicationBuilder builder)
    {
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
            compression.MimeTypes = ["application/json", "text/html", "text/javascript",
                "application/javascript", "text/css"];
        });
        builder.Services.Configure<BrotliCompressionProviderOptions>(
            brotli => brotli.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(
            gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void UseCompression(this WebApplication app) => app.UseWhen(
        http => HttpMethods.IsGet(http.Request.Method)
            && http.Request.Headers.Authorization.Count == 0
            && (http.Request.Path == Catalogue
                || Documents.Any(path => http.Request.Path.StartsWithSegments(path))),
        branch => branch.UseResponseCompression());
}

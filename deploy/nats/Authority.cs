using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Artesanos.NatsCluster;

/// <summary>
/// The cluster's own certificate authority: servers show its certificates to each other and to
/// clients, which trust it and no other. Its key stays with whoever makes certificates.
/// </summary>
internal sealed class Authority : IDisposable
{
    private const int CaYears = 10;
    private const int ServerDays = 365;

    // Clocks of two machines differ a little.
    private static readonly TimeSpan Leeway = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _ca;

    private Authority(X509Certificate2 ca) => _ca = ca;

    /// <summary>The one in these files, or a new one written there.</summary>
    public static Authority OpenOrCreate(string certificateFile, string keyFile)
    {
        if (!File.Exists(keyFile))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var ca = CreateCa(key);
            File.WriteAllText(certificateFile, ca.ExportCertificatePem() + "\n");
            PrivateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        }
        return new(X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
    }

    /// <summary>A certificate for both ends of a connection: routes go both ways.</summary>
    public (string CertificatePem, string KeyPem) Issue(string name, IEnumerable<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }
        var extensions = request.CertificateExtensions;
        extensions.Add(names.Build());
        extensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        extensions.Add(new X509EnhancedKeyUsageExtension(
            [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(_ca, now - Leeway, now.AddDays(ServerDays),
            RandomNumberGenerator.GetBytes(16));
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose() => _ca.Dispose();

    private static X509Certificate2 CreateCa(ECDsa key)
    {
        var request = new CertificateRequest(
            "CN=Artesanos NATS", key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        extensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now - Leeway, now.AddYears(CaYears));
    }
}

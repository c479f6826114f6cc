using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MimeKit;
using Xunit;
using Xunit.Sdk;

namespace Artesanos.Tests.Inventory;

/// <summary>What the server took: who signed in, the envelope, the message.</summary>
internal sealed record ReceivedMail(string? User, string Recipient, MimeMessage Message);

/// <summary>
/// A real SMTP server on loopback: npm's smtp-server in a Node process, fetched once into the
/// test's output folder. Where it cannot be had, CI fails and everyone else skips.
/// </summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "avisos";
    public const string Password = "tomillo-y-romero";

    private const string Package = "smtp-server@3.21.6";

    /// <summary>
    /// Offers STARTTLS with a certificate nobody trusts. "lossy" takes its first mail and cuts
    /// the connection before the answer. Ends with its standard input, so with its parent.
    /// </summary>
    private const string Script =
        """
        import { SMTPServer } from 'smtp-server';
        const [port, user, password, mode] = process.argv.slice(2);
        let taken = 0;
        const server = new SMTPServer({
          authOptional: true,
          allowInsecureAuth: true,
          onAuth(auth, session, callback) {
            const known = auth.username === user && auth.password === password;
            callback(known ? null : new Error('Unknown user or password'), { user });
          },
          onData(stream, session, callback) {
            const chunks = [];
            stream.on('data', chunk => chunks.push(chunk));
            stream.on('end', () => {
              console.log(JSON.stringify({
                user: session.user ?? null,
                recipients: session.envelope.rcptTo.map(recipient => recipient.address),
                message: Buffer.concat(chunks).toString('base64'),
              }));
              if (mode === 'lossy' && ++taken === 1) {
                server.connections.forEach(connection => connection._socket.destroy());
                return;
              }
              callback(null, 'Taken');
            });
          },
        });
        server.on('error', error => console.error(error.message));
        server.listen(Number(port), '127.0.0.1',
          () => console.log(server.server.address().port));
        process.stdin.on('end', () => process.exit(0)).resume();
        """;

    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly SemaphoreSlim Installing = new(1);

    private readonly ConcurrentQueue<ReceivedMail> _received = new();
    private readonly Process _process;
    private readonly Task _reading;

    private MailServer(Process process, int port)
    {
        (_process, Port) = (process, port);
        _reading = ReadAsync();
    }

    public int Port { get; }

    public IReadOnlyList<ReceivedMail> Received => [.. _received];

    /// <param name="port">0 for a free one.</param>
    public static async Task<MailServer> StartAsync(
        CancellationToken ct, int port = 0, bool lossy = false)
    {
        var folder = await InstallAsync(ct);
        var process = Start("node", folder, "server.mjs",
            port.ToString(CultureInfo.InvariantCulture), User, Password, lossy ? "lossy" : "");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(StartPatience);
        var ready = await process.StandardOutput.ReadLineAsync(patience.Token);
        if (!int.TryParse(ready, CultureInfo.InvariantCulture, out var actual))
        {
            Assert.Fail("The SMTP server does not start: "
                + await process.StandardError.ReadToEndAsync(patience.Token));
        }
        return new MailServer(process, actual);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var mail = json.RootElement;
            using var raw = new MemoryStream(mail.GetProperty("message").GetBytesFromBase64());
            var recipient = Assert.Single(mail.GetProperty("recipients").EnumerateArray());
            _received.Enqueue(new ReceivedMail(mail.GetProperty("user").GetString(),
                recipient.GetString()!, await MimeMessage.LoadAsync(raw)));
        }
    }

    private static async Task<string> InstallAsync(CancellationToken ct)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "mail-server");
        await Installing.WaitAsync(ct);
        try
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "server.mjs"), Script, ct);
            if (!Directory.Exists(Path.Combine(folder, "node_modules", "smtp-server")))
            {
                await NpmAsync(folder, ct);
            }
            return folder;
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task NpmAsync(string folder, CancellationToken ct)
    {
        using var npm = Start("npm", folder, "install", Package, "--prefix", folder,
            "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(InstallPatience);
        var errors = npm.StandardError.ReadToEndAsync(patience.Token);
        await npm.StandardOutput.ReadToEndAsync(patience.Token);
        await npm.WaitForExitAsync(patience.Token);
        if (npm.ExitCode != 0)
        {
            throw Missing(await errors);
        }
    }

    private static XunitException Missing(string reason)
    {
        var message = $"The mail tests need Node.js 20 and npm for the package {Package}: {reason}";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", message);
        return new XunitException(message);
    }

    private static Process Start(string program, string folder, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception absent)
        {
            throw Missing(absent.Message);
        }
    }
}

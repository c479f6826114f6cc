using System.Collections.Concurrent;
using System.Diagnostics;

namespace Artesanos.Tests.Deployment;

/// <summary>One more process of a service, started as a deployment would start it.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    /// <param name="service">orders, payments, inventory or gateway.</param>
    /// <param name="folder">Of the binaries of another version.</param>
    public ServiceProcess(
        string service, IEnumerable<string> arguments, Dictionary<string, string> environment,
        string? folder = null)
    {
        var name = string.Concat(service[..1].ToUpperInvariant(), service.AsSpan(1));
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(folder ?? AppContext.BaseDirectory, $"Artesanos.{name}.dll"),
                .. arguments,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _lines);

    /// <summary>SIGTERM, as every platform stops a process.</summary>
    public void Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitCodeAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}

using System.Text;

namespace Aspire.Hosting.Engine;

/// <summary>Finds programs and runs short ones to their end.</summary>
internal static class Programs
{
    public static string? OnPath(string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a program and returns what it wrote.</summary>
    /// <exception cref="DistributedApplicationException">It failed; the message holds the end of
    /// what it wrote.</exception>
    public static async Task<string> RunAsync(ProcessSpec spec, CancellationToken ct)
    {
        var (code, output) = await TryRunAsync(spec, ct);
        return code == 0 ? output : throw new DistributedApplicationException(
            $"{spec.FileName} {string.Join(' ', spec.Arguments)} ended with code {code}:\n"
            + string.Join('\n', output.TrimEnd().Split('\n').TakeLast(15)));
    }

    public static async Task<(int ExitCode, string Output)> TryRunAsync(
        ProcessSpec spec, CancellationToken ct)
    {
        var output = new StringBuilder();
        var child = await ChildProcess.StartAsync(spec, line =>
        {
            lock (output)
            {
                output.Append(line).Append('\n');
            }
        });
        try
        {
            var code = await child.Exited.WaitAsync(ct);
            lock (output)
            {
                return (code, output.ToString());
            }
        }
        catch (OperationCanceledException)
        {
            child.Signal(ChildProcess.SigKill);
            throw;
        }
    }
}

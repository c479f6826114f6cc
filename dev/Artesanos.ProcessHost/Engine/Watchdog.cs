using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Engine;

/// <summary>Ends the children of a killed AppHost where the kernel has no parent-death signal: a
/// shell holds the reading end of a pipe, learns each child's id, and kills them when the pipe
/// breaks.</summary>
internal static class Watchdog
{
    private const string _script = """
        trap '' INT TERM HUP
        pids=
        while read -r op pid; do
          rest=
          for p in $pids; do [ "$p" = "$pid" ] || rest="$rest $p"; done
          pids=$rest
          [ "$op" = + ] && pids="$pids $pid"
        done
        [ -n "$pids" ] && kill -9 $pids
        """;

    private static readonly Lock _gate = new();
    private static readonly Lazy<Process> _shell = new(() =>
    {
        var info = new ProcessStartInfo("/bin/sh", ["-c", _script])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        return Process.Start(info)!;
    });

    /// <summary>Whether the kernel does it (Linux, with util-linux's setsid and setpriv).</summary>
    public static bool KernelWatches { get; } = OperatingSystem.IsLinux()
        && Programs.OnPath("setpriv") is not null && Programs.OnPath("setsid") is not null;

    public static bool HasBash { get; } = File.Exists("/bin/bash");

    public static void Watch(ChildProcess child)
    {
        if (KernelWatches || OperatingSystem.IsWindows())
        {
            return;
        }
        Tell($"+ {child.Id.ToString(CultureInfo.InvariantCulture)}");
        child.Exited.ContinueWith(
            _ => Tell($"- {child.Id.ToString(CultureInfo.InvariantCulture)}"),
            TaskScheduler.Default);
    }

    private static void Tell(string line)
    {
        lock (_gate)
        {
            _shell.Value.StandardInput.WriteLine(line);
            _shell.Value.StandardInput.Flush();
        }
    }
}

using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Engine;

/// <summary>A process to be started.</summary>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>();

    /// <summary>The user it runs as; the AppHost's own if null.</summary>
    public ServerUser? RunAs { get; init; }
}

/// <summary>A process that cannot outlive the AppHost.</summary>
internal sealed partial class ChildProcess
{
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    // As Linux numbers them; macOS has 17 and 19.
    public static readonly int SigStop = OperatingSystem.IsMacOS() ? 17 : 19;
    public static readonly int SigContinue = OperatingSystem.IsMacOS() ? 19 : 18;

    // The kernel sends a child's parent-death signal when the *thread* that started it ends, so
    // one thread that lives as long as the AppHost starts them all.
    private static readonly BlockingCollection<Action> _starts = [];
    private static readonly Lazy<Thread> _starter = new(() =>
    {
        var thread = new Thread(() =>
        {
            foreach (var start in _starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "Process starter" };
        thread.Start();
        return thread;
    });

    private readonly Process _process;

    private ChildProcess(Process process, Action<string> onLine)
    {
        _process = process;
        Id = process.Id;
        Exited = WaitAsync(
            ReadAsync(process.StandardOutput, onLine), ReadAsync(process.StandardError, onLine));
    }

    public int Id { get; }

    /// <summary>The exit code, once the process has ended and its output has been read.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="DistributedApplicationException">The program is not there.</exception>
    public static async Task<ChildProcess> StartAsync(ProcessSpec spec, Action<string> onLine)
    {
        var info = Wrap(spec);
        var started = new TaskCompletionSource<Process>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        _ = _starter.Value;
        _starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Win32Exception failure)
            {
                started.SetException(new DistributedApplicationException(
                    $"Cannot start {spec.FileName}: {failure.Message}", failure));
            }
        });
        var child = new ChildProcess(await started.Task, onLine);
        child._process.StandardInput.Close();
        Watchdog.Watch(child);
        return child;
    }

    public void Signal(int signal)
    {
        if (_process.HasExited)
        {
            return;
        }
        if (OperatingSystem.IsWindows())
        {
            _process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = SendSignal(Id, signal);
        }
    }

    private static ProcessStartInfo Wrap(ProcessSpec spec)
    {
        List<string> command = [spec.FileName, .. spec.Arguments];
        if (Watchdog.KernelWatches)
        {
            // setsid: Ctrl-C reaches the AppHost alone, which then stops in order.
            // The signal is set after the change of user, which would clear it. Bash ends where the
            // parent died before that; a lesser shell would drop variables such as
            // ConnectionStrings__orders-db, whose names are none of its own.
            string[] user = spec.RunAs is { } u
                ? ["--reuid", $"{u.UserId}", "--regid", $"{u.GroupId}", "--init-groups"] : [];
            var parent = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            string[] check = Watchdog.HasBash
                ? ["/bin/bash", "-pc", $"[ $PPID = {parent} ] && exec \"$@\"", "bash"] : [];
            command =
                ["setsid", "setpriv", .. user, "--pdeathsig", "KILL", "--", .. check, .. command];
        }
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = spec.WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in spec.Environment)
        {
            info.Environment[name] = value;
        }
        return info;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine(line);
        }
    }

    private async Task<int> WaitAsync(params Task[] readers)
    {
        await _process.WaitForExitAsync();
        // A grandchild may hold the pipe open a little longer; its lines are not worth a wait.
        await Task.WhenAny(Task.WhenAll(readers), Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}

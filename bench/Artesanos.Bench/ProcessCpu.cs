using System.Globalization;

namespace Artesanos.Bench;

/// <summary>
/// CPU time and memory of this process and of all it started, by program (Linux: from /proc).
/// Backends count for their PostgreSQL server.
/// </summary>
internal sealed record ProcessCpu(string Name, double CpuMs, double MemoryMb)
{
    private const double MsPerTick = 10;
    private const double MbPerPage = 4096.0 / (1 << 20);

    /// <returns>Sums since each process started; empty where there is no /proc.</returns>
    public static IReadOnlyList<ProcessCpu> Snapshot()
    {
        if (!Directory.Exists("/proc"))
        {
            return [];
        }
        var processes = Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _))
            .Select(name => Read(int.Parse(name!, CultureInfo.InvariantCulture)))
            .OfType<Row>()
            .ToDictionary(row => row.Id);
        return [.. processes.Values
            .Where(row => Descends(row, processes))
            .GroupBy(row => row.Name, StringComparer.Ordinal)
            .Select(program => new ProcessCpu(
                program.Key, program.Sum(row => row.Ticks) * MsPerTick,
                program.Sum(row => row.Pages) * MbPerPage))
            .OrderByDescending(program => program.CpuMs)];
    }

    private sealed record Row(int Id, int Parent, string Name, double Ticks, double Pages);

    private static bool Descends(Row row, Dictionary<int, Row> processes)
    {
        for (var current = row; current is not null;)
        {
            if (current.Id == Environment.ProcessId)
            {
                return true;
            }
            current = processes.GetValueOrDefault(current.Parent);
        }
        return false;
    }

    private static Row? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var command = File.ReadAllText($"/proc/{id}/cmdline").Split('\0', ' ');
            // After the name in parentheses: state, parent, …, utime (12th), stime, …, rss (22nd).
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double Number(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
            var dll = command.FirstOrDefault(part => part.EndsWith(".dll", StringComparison.Ordinal));
            return new Row(
                id, (int)Number(1),
                dll is null
                    ? Path.GetFileName(command[0].TrimEnd(':'))
                    : Path.GetFileNameWithoutExtension(dll),
                Number(11) + Number(12), dll is null ? 0 : Number(21));
        }
        catch (IOException)
        {
            // It ended between the listing and the reading.
            return null;
        }
    }
}

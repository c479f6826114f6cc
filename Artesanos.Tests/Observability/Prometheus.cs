using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>A real Prometheus with the repository's rules, scraping what a test says.</summary>
internal sealed class Prometheus : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _http;

    private Prometheus(Process process, string folder, int port)
    {
        (_process, _folder) = (process, folder);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>The path of <c>prometheus</c> or <c>promtool</c>, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append("/usr/bin")
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>Without it a developer's test is skipped, but nothing lands untested.</summary>
    public static string Require(string program)
    {
        var path = Find(program);
        if (path is null && Environment.GetEnvironmentVariable("CI") is not "true")
        {
            Assert.Skip($"There is no {program}: install the package 'prometheus'.");
        }
        Assert.True(path is not null, $"CI needs {program}, of Debian's package 'prometheus'.");
        return path;
    }

    /// <param name="targets">Address, job and path of what it scrapes, every second.</param>
    public static async Task<Prometheus> StartAsync(
        IEnumerable<(string Address, string Job, string Path)> targets, CancellationToken ct)
    {
        var program = Require("prometheus");
        var folder = Directory.CreateTempSubdirectory("artesanos-prometheus-").FullName;
        foreach (var name in new[] { "prometheus.yml", "recording.yml", "alerts.yml" })
        {
            var text = Repository.Read("deploy", "prometheus", name)
                .Replace("_interval: 5s", "_interval: 1s", StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder, name), text, ct);
        }
        Directory.CreateDirectory(Path.Combine(folder, "targets"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "targets", "test.json"),
            JsonSerializer.Serialize(targets.Select(target => new
            {
                targets = new[] { target.Address },
                labels = new Dictionary<string, string>
                {
                    ["job"] = target.Job,
                    ["__metrics_path__"] = target.Path,
                },
            })), ct);
        var port = FreeAddress.Port();
        var process = Process.Start(new ProcessStartInfo(program)
        {
            ArgumentList =
            {
                "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                $"--web.listen-address=127.0.0.1:{port}",
            },
            WorkingDirectory = folder,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var prometheus = new Prometheus(process, folder, port);
        await Eventually.TrueAsync(
            () => prometheus.IsReadyAsync(ct), Patience, "Prometheus is ready", ct);
        return prometheus;
    }

    /// <summary>The <c>data</c> of an answer of its API.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken ct)
    {
        using var answer = await _http.GetAsync($"/api/v1/{path}", ct);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {json}");
        return json.GetProperty("data");
    }

    /// <summary>The series of an instant query, NaN left out, by their labels.</summary>
    public async Task<List<(JsonElement Labels, double Value)>> QueryAsync(
        string expression, CancellationToken ct)
    {
        var data = await GetAsync($"query?query={Uri.EscapeDataString(expression)}", ct);
        return
        [
            .. data.GetProperty("result").EnumerateArray()
                .Select(series => (series.GetProperty("metric"), double.Parse(
                    series.GetProperty("value")[1].GetString()!,
                    System.Globalization.CultureInfo.InvariantCulture)))
                .Where(series => !double.IsNaN(series.Item2)),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        Assert.False(_process.HasExited, "Prometheus ended at its start.");
        try
        {
            using var answer = await _http.GetAsync("/-/ready", ct);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

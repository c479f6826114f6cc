using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The dashboard: a process beside the resources. Nothing waits for it, it starts when they have
/// started, and unlike them it is started again when it ends.
/// </summary>
internal sealed class DashboardProcess : IDisposable
{
    private const string _name = "dashboard";
    private const int _defaultPort = 18888;
    private const int _tokenCharacters = 32;
    private const int _linesShown = 10;

    // A start that hangs is looked at here, so it does not wait for its end.
    private static readonly TimeSpan _latestStart = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _firstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _stable = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _probe = TimeSpan.FromMilliseconds(100);

    private readonly RunContext _context;
    private readonly IReadOnlyList<Instance> _instances;
    private readonly SecretMask _mask;
    private readonly ResourceApi _api;
    private readonly ProcessLog _log;
    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly int _port;
    private readonly int _otlpPort;
    private readonly int _apiPort;
    private readonly string _token = NewToken();
    private readonly string _otlpKey = NewToken();
    private readonly string _apiToken = NewToken();
    private Task _supervision = Task.CompletedTask;
    private bool _wasShown;

    public DashboardProcess(
        RunContext context, IReadOnlyList<Instance> instances, SecretMask mask,
        ResourceCommandService commands, string logFile)
    {
        (_context, _instances, _mask) = (context, instances, mask);
        _port = context.Ports.AllocateOrFree(context.Options.PortOf(_name)
            ?? (context.Options.RandomizePorts ? 0 : _defaultPort));
        _otlpPort = context.Ports.AllocateFree();
        _apiPort = context.Ports.AllocateFree();
        _api = new(instances, mask, commands, _apiPort, _apiToken);
        _log = new(logFile);
    }

    private string Address => string.Create(
        CultureInfo.InvariantCulture, $"http://localhost:{_port}");

    /// <summary>Where the services send traces, logs and metrics, unless the user has a place of
    /// their own.</summary>
    public void AddTelemetryTarget(Dictionary<string, object> variables)
    {
        const string endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(endpoint)))
        {
            return;
        }
        variables[endpoint] = string.Create(
            CultureInfo.InvariantCulture, $"http://localhost:{_otlpPort}");
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={_otlpKey}";
        // Milliseconds, for somebody who watches: the SDK waits 5 s, and a minute for metrics.
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "2000";
    }

    /// <param name="allHealthy">The start of the resources, which must not become slower.</param>
    public void Start(Task allHealthy) => _supervision = SuperviseAsync(allHealthy, _ending.Token);

    public async Task StopAsync()
    {
        if (!_ending.IsCancellationRequested)
        {
            await _ending.CancelAsync();
            await _supervision;
            await _api.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _ending.Dispose();
        _http.Dispose();
        _log.Dispose();
    }

    private async Task SuperviseAsync(Task allHealthy, CancellationToken ct)
    {
        try
        {
            await Task.WhenAny(allHealthy, Task.Delay(_latestStart, ct));
            ct.ThrowIfCancellationRequested();
            await _mask.LearnAsync([_token, _otlpKey, _apiToken], ct);
            Release(_apiPort);
            await _api.StartAsync(ct);
            await KeepRunningAsync(ct);
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
        catch (Exception failure) when (failure is DistributedApplicationException or IOException)
        {
            _context.Console.WriteError($"There is no dashboard: {failure.Message}");
        }
    }

    private async Task KeepRunningAsync(CancellationToken ct)
    {
        var delay = _firstDelay;
        while (true)
        {
            var begun = Stopwatch.GetTimestamp();
            var spec = await DescribeAsync(ct);
            Release(_port);
            Release(_otlpPort);
            var process = await ChildProcess.StartAsync(spec, _log.Write);
            try
            {
                await Task.WhenAny(ShowAddressAsync(ct), process.Exited);
                var code = await process.Exited.WaitAsync(ct);
                _context.Console.WriteError(
                    $"The dashboard ended with exit code {code} and is started again. Its last "
                    + $"lines:\n{_log.Tail(_linesShown)}");
            }
            finally
            {
                await EndAsync(process);
            }
            delay = Stopwatch.GetElapsedTime(begun) > _stable ? _firstDelay : delay;
            await Task.Delay(delay, ct);
            delay = delay * 2 > _longestDelay ? _longestDelay : delay * 2;
        }
    }

    private async Task<ProcessSpec> DescribeAsync(CancellationToken ct)
    {
        var project = _context.Options.DashboardProject!;
        var environment = new Dictionary<string, string>
        {
            ["Dashboard__Port"] = Text(_port),
            ["Dashboard__Token"] = _token,
            ["Dashboard__OtlpPort"] = Text(_otlpPort),
            ["Dashboard__OtlpKey"] = _otlpKey,
            ["Dashboard__EngineUrl"] = $"http://localhost:{_apiPort}",
            ["Dashboard__EngineToken"] = _apiToken,
        };
        // As WithReference hands them out: the dashboard reads what became of orders.
        foreach (var database in _instances.Select(i => i.Runner.Resource)
            .OfType<PostgresDatabaseResource>())
        {
            environment[$"ConnectionStrings__{database.Name}"] =
                await ((IResourceWithConnectionString)database).GetConnectionStringAsync(ct) ?? "";
        }
        return new(BuiltProject.DotNet,
            [BuiltProject.Assembly(_name, project, _context.Options.BuildConfiguration)])
        {
            WorkingDirectory = Path.GetDirectoryName(project),
            Environment = environment,
        };
    }

    // Once: after a restart the same address and the same cookie are good.
    private async Task ShowAddressAsync(CancellationToken ct)
    {
        while (!_wasShown)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri($"{Address}/login"), ct);
                _wasShown = true;
                var url = $"{Address}/login?t={_token}";
                _context.Options.PublishDashboard(url);
                _context.Console.Write($"Dashboard: {url}");
            }
            catch (HttpRequestException)
            {
                await Task.Delay(_probe, ct);
            }
        }
        await Task.Delay(Timeout.Infinite, ct);
    }

    private static async Task EndAsync(ChildProcess process)
    {
        process.Signal(ChildProcess.SigTerm);
        await Task.WhenAny(process.Exited, Task.Delay(_grace));
        process.Signal(ChildProcess.SigKill);
    }

    private void Release(int port) => _context.Ports.Release(port);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string NewToken() =>
        RandomNumberGenerator.GetHexString(_tokenCharacters, lowercase: true);
}

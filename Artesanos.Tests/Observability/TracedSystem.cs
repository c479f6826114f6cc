using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>
/// A topology of its own whose services export their spans to a receiver of this test. Not with
/// the Aspire engine, which points services to its dashboard.
/// </summary>
public sealed class TracedSystem : IAsyncLifetime
{
    private readonly string _logs = Directory.CreateTempSubdirectory("artesanos-traced-").FullName;
    private OtlpReceiver? _receiver;
    private ProcessEnvironment? _environment;

    public Topology Topology { get; private set; } = null!;

    internal OtlpReceiver Receiver => _receiver!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.StartAsync(CancellationToken.None);
        // The services inherit the environment, also those that a test starts again; no other
        // test runs meanwhile.
        _environment = new ProcessEnvironment(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Address.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"));
        Topology = new TracedTopology(_logs);
        await Topology.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Topology.DisposeAsync();
        _environment?.Dispose();
        await Receiver.DisposeAsync();
        Directory.Delete(_logs, recursive: true);
    }

    private sealed class TracedTopology(string logs) : Topology($"--Logs:Folder={logs}");

    /// <summary>Variables of this process for as long as it lives.</summary>
    private sealed class ProcessEnvironment : IDisposable
    {
        private readonly List<(string Name, string? Before)> _before = [];

        public ProcessEnvironment(params (string Name, string Value)[] variables)
        {
            foreach (var (name, value) in variables)
            {
                _before.Add((name, Environment.GetEnvironmentVariable(name)));
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        public void Dispose() => _before.ForEach(
            variable => Environment.SetEnvironmentVariable(variable.Name, variable.Before));
    }
}

using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Xunit;

namespace Artesanos.Tests.Hosting;

/// <summary>The engine on processes that start in no time: shells.</summary>
public sealed class ProcessEngineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Environment_is_filled_from_parameters_and_cyclic_endpoints()
    {
        var (builder, output) = Describe();
        var first = builder.AddExecutable("first", "bash", ".", "-c", $"env > {output}; sleep 60")
            .WithHttpEndpoint(env: "PORT");
        var second = builder.AddExecutable("second", "sleep", ".", "60")
            .WithHttpEndpoint(env: "PORT")
            .WithEnvironment("FIRST", first.GetEndpoint("http"));
        var key = builder.AddParameter("key", "k{1}", secret: true);
        first.WithEnvironment("some-name", key)
            .WithEnvironment("URL", $"{second.GetEndpoint("http")}/hook?key={key}");
        await using var app = builder.Build();
        await app.StartAsync(Stop);

        var port = first.GetEndpoint("http").Port;
        var lines = await LinesAsync(output, "URL=");
        Assert.Contains($"PORT={port}", lines);
        Assert.Contains("some-name=k{1}", lines);
        Assert.Contains($"URL={second.GetEndpoint("http").Url}/hook?key=k{{1}}", lines);
    }

    [Fact]
    public async Task Commands_stop_kill_and_start_a_process_and_nothing_restarts_by_itself()
    {
        var (builder, _) = Describe();
        builder.AddExecutable("job", "sleep", ".", "60");
        await using var app = builder.Build();
        await app.StartAsync(Stop);

        foreach (var command in new[] { KnownResourceCommands.StopCommand, "kill" })
        {
            var result = await app.ResourceCommands.ExecuteCommandAsync("job", command, Stop);
            Assert.True(result.Success, result.Message);
            Assert.Equal(KnownResourceStates.Exited, StateOf(app, "job"));

            await app.ResourceCommands.ExecuteCommandAsync(
                "job", KnownResourceCommands.StartCommand, Stop);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("job", Stop);
        }
        var unknown = await app.ResourceCommands.ExecuteCommandAsync("job", "fly", Stop);
        Assert.False(unknown.Success);
    }

    [Fact]
    public async Task A_paused_process_lies_still_until_it_is_resumed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The state is read from /proc.");
        var (builder, output) = Describe();
        builder.AddExecutable("job", "bash", ".", "-c", $"echo pid=$$ > {output}; exec sleep 60");
        await using var app = builder.Build();
        await app.StartAsync(Stop);
        var pid = (await LinesAsync(output, "pid=")).Single()["pid=".Length..];

        await app.ResourceCommands.ExecuteCommandAsync("job", "pause", Stop);
        await StateAsync(pid, 'T');
        await app.ResourceCommands.ExecuteCommandAsync("job", "resume", Stop);
        await StateAsync(pid, 'S');
        Assert.Equal(KnownResourceStates.Running, StateOf(app, "job"));
    }

    [Fact]
    public async Task A_process_that_ended_is_started_however_soon_the_start_is_asked_for()
    {
        for (var round = 0; round < 10; round++)
        {
            var (builder, output) = Describe();
            builder.AddExecutable("job", "bash", ".", "-c", $"[ -f {output} ] || exit 0; sleep 60");
            await using var app = builder.Build();
            await app.StartAsync(Stop);
            await app.ResourceNotifications.WaitForResourceAsync(
                "job", KnownResourceStates.Finished, Stop);
            await File.WriteAllTextAsync(output, "", Stop);

            await app.ResourceCommands.ExecuteCommandAsync(
                "job", KnownResourceCommands.StartCommand, Stop);

            Assert.Equal(KnownResourceStates.Running, StateOf(app, "job"));
            File.Delete(output);
        }
    }

    [Fact]
    public async Task A_dependency_that_fails_fails_the_start_with_its_last_lines()
    {
        var (builder, output) = Describe();
        var broken = builder.AddExecutable("broken", "sh", ".", "-c", "echo no luck; exit 3");
        builder.AddExecutable("after", "sh", ".", "-c", $"echo ran > {output}")
            .WaitForCompletion(broken);
        await using var app = builder.Build();

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.StartAsync(Stop));

        Assert.Contains("broken", failure.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no luck", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public async Task A_parameter_without_a_value_is_named_before_anything_starts()
    {
        var (builder, output) = Describe();
        builder.AddParameter("api-key", secret: true);
        builder.AddExecutable("job", "sh", ".", "-c", $"echo ran > {output}");
        await using var app = builder.Build();

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.StartAsync(Stop));

        Assert.Contains("Parameters__api_key", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public async Task A_taken_port_is_named_with_its_resource_and_the_cure()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (builder, _) = Describe();
        builder.AddExecutable("web", "sleep", ".", "60").WithHttpEndpoint(port: port);
        await using var app = builder.Build();

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.StartAsync(Stop));

        Assert.Contains($"{port} (web)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--Ports:web=", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_endpoint_goes_by_both_names_and_the_resources_port_is_not_its()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (builder, _) = Describe();
        builder.Configuration["Ports:web"] = "0";
        builder.AddExecutable("web", "sleep", ".", "60")
            .WithHttpEndpoint(port: port)
            .WithHttpEndpoint(port: port, name: "metrics");
        await using var app = builder.Build();

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.StartAsync(Stop));

        Assert.Contains($"{port} (web-metrics)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--Ports:web-metrics=", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("(web)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leftovers_of_a_dead_run_are_deleted_and_those_of_a_live_one_stay()
    {
        using var live = RunFolder.Create();
        var dead = live.FullPath + "-dead";
        Directory.CreateDirectory(dead);
        await File.WriteAllTextAsync(Path.Combine(dead, "owner.lock"), "", Stop);

        RunFolder.DeleteLeftovers();

        Assert.False(Directory.Exists(dead));
        Assert.True(Directory.Exists(live.FullPath));
    }

    private static (IDistributedApplicationBuilder Builder, string Output) Describe() =>
        (DistributedApplication.CreateBuilder(["--Console=off"]), Path.Combine(
            Path.GetTempPath(), $"artesanos-engine-test-{Guid.NewGuid():N}"));

    private static string? StateOf(DistributedApplication app, string id) =>
        app.ResourceNotifications.TryGetCurrentState(id, out var now)
            ? now.Snapshot.State?.Text : null;

    private static Task StateAsync(string pid, char state) => Eventually.TrueAsync(
        async () => (await File.ReadAllTextAsync($"/proc/{pid}/stat", Stop))
            .Split(')')[^1].TrimStart()[0] == state,
        TimeSpan.FromSeconds(5), $"process {pid} is in state {state}", Stop);

    // A resource without health check counts as healthy once it runs, so its output may come later.
    private static async Task<string[]> LinesAsync(string file, string until)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            var lines = File.Exists(file) ? await File.ReadAllLinesAsync(file, limit.Token) : [];
            if (lines.Any(l => l.StartsWith(until, StringComparison.Ordinal)))
            {
                File.Delete(file);
                return lines;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }
}

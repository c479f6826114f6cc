using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Artesanos.Dashboard.Engine;

/// <summary>Talks to the engine that started this dashboard.</summary>
internal sealed class EngineClient(HttpClient http)
{
    /// <summary>Every resource, then each that changed; ends with the engine.</summary>
    public IAsyncEnumerable<ResourceView> WatchResourcesAsync(CancellationToken ct) =>
        ReadAsync<ResourceView>("resources", ct);

    /// <summary>The lines that the engine keeps, then each new one.</summary>
    public IAsyncEnumerable<LogLine> WatchLogAsync(string id, CancellationToken ct) =>
        ReadAsync<LogLine>($"resources/{Uri.EscapeDataString(id)}/log", ct);

    /// <summary>Null, or why the command was not done.</summary>
    public async Task<string?> CommandAsync(string id, string command, CancellationToken ct)
    {
        try
        {
            using var answer = await http.PostAsync(
                new Uri($"resources/{Uri.EscapeDataString(id)}/{command}", UriKind.Relative),
                content: null, ct);
            return answer.IsSuccessStatusCode ? null
                : (await answer.Content.ReadFromJsonAsync<CommandRefusal>(ct))?.Message;
        }
        catch (HttpRequestException failure)
        {
            return $"The engine does not answer: {failure.Message}";
        }
    }

    private async IAsyncEnumerable<T> ReadAsync<T>(
        string path, [EnumeratorCancellation] CancellationToken ct)
    {
        using var answer = await http.GetAsync(
            new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            yield return JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)!;
        }
    }
}

internal static class EngineSetup
{
    public static void AddEngine(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<EngineClient>((services, http) =>
        {
            var options = services.GetRequiredService<DashboardOptions>();
            http.BaseAddress = options.EngineUrl;
            http.DefaultRequestHeaders.Authorization = new("Bearer", options.EngineToken);
            // Streams have no end, and a stop may take its grace.
            http.Timeout = Timeout.InfiniteTimeSpan;
        });
        builder.Services.AddSingleton<ResourceBoard>();
        builder.Services.AddHostedService(
            services => services.GetRequiredService<ResourceBoard>());
    }
}

using Artesanos.Dashboard.Telemetry;
using Artesanos.Dashboard.Telemetry.Logs;
using Artesanos.Dashboard.Telemetry.Traces;
using Microsoft.AspNetCore.Components;

namespace Artesanos.Dashboard.Pages;

/// <summary>One trace over time, across services and messages.</summary>
public sealed partial class Trace
{
    private const int LogsShown = 200;
    private const int ExcerptLength = 120;

    private TraceView? _trace;
    private List<WaterfallRow> _rows = [];
    private List<LogEntry> _logs = [];
    private string _text = "";
    private string _open = "";
    private string? _opened;
    private bool _withoutStatements;

    [Parameter]
    public string Id { get; set; } = "";

    [SupplyParameterFromQuery(Name = "span")]
    private string? SpanId { get; set; }

    [Inject]
    private TraceStore Store { get; set; } = null!;

    [Inject]
    private LogStore Logs { get; set; } = null!;

    private IEnumerable<WaterfallRow> Rows => _rows.Where(row =>
        (!_withoutStatements || !IsStatement(row.Span))
        && (_text.Length == 0 || row.Span.Contains(_text)));

    protected override void OnParametersSet()
    {
        // A link opens its span once; the reader may close it again.
        if (_opened != Id + SpanId)
        {
            _opened = Id + SpanId;
            _open = SpanId ?? "";
            _text = "";
        }
        Load();
    }

    private void Load()
    {
        _trace = Store.Get(Id);
        _rows = Waterfall.Of(_trace?.Spans ?? []);
        (_logs, _) = Logs.Find(new LogFilter(TraceId: Id), LogsShown);
        // Read like a story, beside the waterfall.
        _logs.Reverse();
    }

    private List<LogEntry> LogsOf(string spanId) =>
        [.. _logs.Where(entry => entry.SpanId == spanId)];

    private void Toggle(string spanId) => _open = _open == spanId ? "" : spanId;

    /// <summary>What tells calls of the same name apart: their statement, their address.</summary>
    private static string Excerpt(Span span)
    {
        var text = TelemetryField.Find(span.Attributes, "db.query.text");
        text = text.Length > 0 || span.Kind != SpanKind.Client
            ? text : TelemetryField.Find(span.Attributes, "url.full");
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var line = string.Join(' ', words);
        return line.Length > ExcerptLength ? line[..ExcerptLength] + "…" : line;
    }

    private static (string Text, string Meaning)? Mark(Span span) => span.Kind switch
    {
        SpanKind.Producer => ("to NATS", "Publishes a message"),
        SpanKind.Consumer => ("from NATS", "Handles a message"),
        _ => null,
    };

    private static bool IsStatement(Span span) =>
        span.Kind == SpanKind.Client && span.Scope == "Npgsql";
}

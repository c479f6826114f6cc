namespace Artesanos.Dashboard.Telemetry.Traces;

/// <summary>A span on its line: how deep, and where its bar lies in percent of the trace.</summary>
/// <param name="IsCutOff">Its parent is not here: lost, late, or the caller's outside.</param>
internal sealed record WaterfallRow(
    Span Span, int Depth, double OffsetPercent, double WidthPercent, bool IsCutOff);

/// <summary>Lays the spans of a trace out as a tree over time.</summary>
internal static class Waterfall
{
    // A bar that lasted no time at all can still be seen and pointed at.
    private const double MinWidthPercent = 0.2;

    public static List<WaterfallRow> Of(IReadOnlyList<Span> spans)
    {
        if (spans.Count == 0)
        {
            return [];
        }
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        var children = spans
            .Where(span => ids.Contains(span.ParentId) && span.ParentId != span.SpanId)
            .ToLookup(span => span.ParentId);
        var start = spans.Min(span => span.Start);
        var length = Math.Max(1, (spans.Max(span => span.End) - start).Ticks);
        var rows = new List<WaterfallRow>(spans.Count);
        var placed = new HashSet<string>();
        var roots = spans
            .Where(span => !ids.Contains(span.ParentId) || span.ParentId == span.SpanId);
        // Spans whose parents form a circle have no root: a wrong sender, shown all the same.
        foreach (var root in roots.OrderBy(span => span.Start).Concat(spans))
        {
            Place(root, 0);
        }
        return rows;

        void Place(Span first, int depth)
        {
            var waiting = new Stack<(Span Span, int Depth)>([(first, depth)]);
            while (waiting.TryPop(out var next))
            {
                if (!placed.Add(next.Span.SpanId))
                    continue;
                rows.Add(Row(next.Span, next.Depth));
                foreach (var child in children[next.Span.SpanId].OrderByDescending(s => s.Start))
                {
                    waiting.Push((child, next.Depth + 1));
                }
            }
        }

        WaterfallRow Row(Span span, int depth)
        {
            var offset = 100d * (span.Start - start).Ticks / length;
            var width = Math.Max(MinWidthPercent, 100d * span.Duration.Ticks / length);
            return new WaterfallRow(
                span, depth, Math.Min(offset, 100 - MinWidthPercent),
                Math.Min(width, 100 - Math.Min(offset, 100 - MinWidthPercent)),
                span.ParentId.Length > 0 && !ids.Contains(span.ParentId));
        }
    }
}

namespace Aspire.Hosting.Engine;

/// <summary>Writes <c>name | text</c>, a colour per resource, whole lines only.</summary>
internal sealed class EngineConsole(bool enabled)
{
    private const string _own = "apphost";
    private const string _red = "\e[31m";
    private const string _reset = "\e[0m";

    private static readonly string[] _colours =
        ["\e[36m", "\e[33m", "\e[32m", "\e[35m", "\e[34m", "\e[96m", "\e[93m", "\e[92m", "\e[95m"];

    private readonly bool _coloured = !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _colourOf = [];
    private int _width = _own.Length;

    /// <summary>Names that will write, so that their lines line up.</summary>
    public void Register(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            _colourOf[name] = _colours[_colourOf.Count % _colours.Length];
            _width = Math.Max(_width, name.Length);
        }
    }

    public void Write(string text) => Write(_own, text, "\e[1m");

    public void WriteError(string text) => Write(_own, text, _red);

    public void WriteLine(string name, string line) =>
        Write(name, line, _colourOf.GetValueOrDefault(name, ""));

    private void Write(string name, string text, string colour)
    {
        if (!enabled)
        {
            return;
        }
        lock (_gate)
        {
            foreach (var line in text.Split('\n'))
            {
                Console.Out.WriteLine(_coloured
                    ? $"{colour}{name.PadRight(_width)} |{_reset} {line}"
                    : $"{name.PadRight(_width)} | {line}");
            }
        }
    }
}

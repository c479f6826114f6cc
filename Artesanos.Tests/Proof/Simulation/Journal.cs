using System.Globalization;

namespace Artesanos.Tests.Proof.Simulation;

/// <summary>What happened to one order; written only when a failed seed is run again.</summary>
internal sealed class Journal(Agenda agenda, Guid order)
{
    private readonly List<string> _lines = [];

    public void Note(Guid about, string what)
    {
        if (about == order)
        {
            var time = (agenda.Now - Agenda.Start).ToString(
                @"d\.hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
            _lines.Add($"{time} {what}");
        }
    }

    public override string ToString() => string.Join('\n', _lines);
}

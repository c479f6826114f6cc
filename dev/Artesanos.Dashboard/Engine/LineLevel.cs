using System.Text.RegularExpressions;

namespace Artesanos.Dashboard.Engine;

/// <summary>How loud a line is; what is below Information counts as Information.</summary>
internal enum LineLevel
{
    Information,
    Warning,
    Error,
}

internal static partial class LineLevels
{
    // Only the beginning: a message may quote another's level.
    private const int _looked = 120;

    /// <summary>Reads .NET's console formats, PostgreSQL's, NATS's and Go's.</summary>
    public static LineLevel Of(string text)
    {
        var start = text.Length > _looked ? text[.._looked] : text;
        return Errors().IsMatch(start) ? LineLevel.Error
            : Warnings().IsMatch(start) ? LineLevel.Warning : LineLevel.Information;
    }

    [GeneratedRegex("""
        \b(fail|crit): |"LogLevel":"(Error|Critical)"|\b(ERROR|FATAL|PANIC): |\[(ERR|FTL)\]
        |level=(error|ERROR)|^Unhandled\ exception
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Errors();

    [GeneratedRegex("""
        \bwarn: |"LogLevel":"Warning"|\bWARNING: |\[WRN\]|level=(warn|WARN)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Warnings();
}

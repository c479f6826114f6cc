using System.ComponentModel.DataAnnotations;

namespace Artesanos.Messaging.Data;

/// <summary>
/// Section <c>Database</c>: who changes the schema, who may only use it, and over how many
/// connections.
/// </summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>
    /// Whether the service migrates its schema at start. False where <c>provision</c> does, under
    /// a role of its own; the service then waits for the schema it needs.
    /// </summary>
    public bool Migrate { get; init; } = true;

    /// <summary>The role that <c>provision</c> lets read and write rows, and nothing else.</summary>
    [RegularExpression("[a-z_][a-z0-9_]{0,62}",
        ErrorMessage = "Database__ServiceRole must be a role's plain name: lower-case letters, "
            + "digits and underscores, such as orders.")]
    public string? ServiceRole { get; init; }

    /// <summary>
    /// Connections of a process, unless its connection string says <c>Maximum Pool Size</c>: who
    /// finds all in use waits. A migration takes two, everything else one at a time.
    /// </summary>
    [Range(2, 1000,
        ErrorMessage = "Database__MaxConnections must be between 2 and 1000 (connections).")]
    public int MaxConnections { get; init; } = 30;
}

using System.ComponentModel.DataAnnotations;

namespace Artesanos.Messaging.Data;

/// <summary>Section <c>Database</c>: who changes the schema, and who may only use it.</summary>
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
}

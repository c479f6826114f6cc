using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using NATS.Client.Core;
using NATS.NKeys;

namespace Artesanos.Messaging.Nats;

/// <summary>
/// Section <c>Nats</c>: how a service shows who it is, and whom it believes. All empty with a
/// server that takes the connection string's password; in a cluster all are set (docs/nats.md).
/// </summary>
public sealed partial class NatsOptions : IValidatableObject
{
    public const string Section = "Nats";

    /// <summary>Seed of the service's own user, a secret: it signs and never leaves.</summary>
    public string? NKeySeed { get; init; }

    /// <summary>Certificate of the authority that the servers' certificates must come from. With
    /// it the connection is encrypted or not made at all.</summary>
    public string? CaFile { get; init; }

    /// <summary>Where answers come in; a user may listen to its own prefix only. The service's
    /// name if empty.</summary>
    public string? InboxPrefix { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Never with the value: it is a secret, or part of one.
        if (!string.IsNullOrEmpty(NKeySeed) && !IsUserSeed(NKeySeed))
        {
            yield return new("Nats__NKeySeed must be the seed of a user's NKey (58 characters "
                + "that begin with SU), as deploy/nats makes them.");
        }
        if (!string.IsNullOrEmpty(CaFile) && !File.Exists(CaFile))
        {
            yield return new($"Nats__CaFile must be a PEM file, and '{CaFile}' is not there.");
        }
        if (InboxPrefix is { Length: > 0 } prefix
            && !prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            yield return new("Nats__InboxPrefix must be letters, digits, _ and - only, such as "
                + "_INBOX_orders.");
        }
    }

    internal NatsAuthOpts Auth()
    {
        if (string.IsNullOrEmpty(NKeySeed))
        {
            return NatsAuthOpts.Default;
        }
        using var pair = KeyPair.FromSeed(NKeySeed);
        return NatsAuthOpts.Default with { NKey = pair.GetPublicKey(), Seed = NKeySeed };
    }

    internal NatsTlsOpts Tls() => string.IsNullOrEmpty(CaFile)
        ? NatsTlsOpts.Default
        : NatsTlsOpts.Default with { CaFile = CaFile, Mode = TlsMode.Require };

    private static bool IsUserSeed(string seed)
    {
        if (!SeedForm().IsMatch(seed))
        {
            return false;
        }
        try
        {
            using var pair = KeyPair.FromSeed(seed);
            return true;
        }
        catch (NKeysException)
        {
            // Its check sum is wrong: a letter was lost on the way here.
            return false;
        }
    }

    [GeneratedRegex("^SU[A-Z2-7]{56}$")]
    private static partial Regex SeedForm();
}

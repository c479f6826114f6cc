using System.Security.Claims;

namespace Artesanos.ServiceDefaults;

/// <summary>Who is calling, as the validated token says.</summary>
public static class Caller
{
    /// <summary>Longest subject of a token, in characters; columns are sized by it.</summary>
    public const int SubjectMaxLength = 128;

    internal const string SubjectClaim = "sub";
    internal const string RoleClaim = "role";

    /// <summary>
    /// The caller's stable identifier, 1 to 128 characters. Present wherever a token was
    /// required; throws on an anonymous endpoint, where asking for it is a bug.
    /// </summary>
    public static string Subject(this ClaimsPrincipal caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.FindFirst(SubjectClaim)?.Value
            ?? throw new InvalidOperationException("No authenticated caller on this endpoint.");
    }
}

using System.Security.Claims;
using System.Text.Json;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// Some issuers keep the roles inside an object: <c>"realm_access":{"roles":["artisan"]}</c>.
/// They become claims of the whole name, <c>realm_access.roles</c>.
/// </summary>
internal static class NestedRoles
{
    public static void Add(ClaimsPrincipal? caller, string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || caller?.Identity is not ClaimsIdentity identity
            || identity.FindFirst(name[..dot]) is not { } owner)
        {
            return;
        }
        try
        {
            using var json = JsonDocument.Parse(owner.Value);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty(name[(dot + 1)..], out var roles)
                && roles.ValueKind == JsonValueKind.Array)
            {
                identity.AddClaims(roles.EnumerateArray()
                    .Where(role => role.ValueKind == JsonValueKind.String)
                    .Select(role => new Claim(name, role.GetString()!)));
            }
        }
        catch (JsonException)
        {
            // A claim that is no object holds no roles.
        }
    }
}

using System.Text;

namespace Artesanos.Tests.Abuse;

/// <summary>One bad request and the answer it must get.</summary>
/// <param name="Name">What is wrong with it; the name of its test.</param>
/// <param name="Path">With <c>{order}</c> and <c>{product}</c> for what belongs to others.</param>
/// <param name="Problem">Slug of the problem's type.</param>
internal sealed record Attack(
    string Name, string Method, string Path, int Status, string Problem)
{
    public const string Json = "application/json";

    /// <summary>Role of the token; null: none is sent.</summary>
    public string? As { get; init; } = "shopper";
    public byte[]? Body { get; init; }
    public string? ContentType { get; init; } = Json;
    public (string Name, string Value)[] Headers { get; init; } = [];

    /// <summary>A field that the problem must name.</summary>
    public string? Field { get; init; }

    public static Attack Order(string name, string body, string? field = null) =>
        new(name, "POST", "/orders", 400, field is null ? "bad-request" : "validation")
        {
            Body = Encoding.UTF8.GetBytes(body),
            Field = field,
        };

    public static Attack Product(string name, string body, string? field = null) =>
        Order(name, body, field) with { Path = "/products", As = "artisan" };

    /// <param name="role">Null: no token.</param>
    public static Attack Get(
        string path, int status, string problem, string? role = "shopper") =>
        new($"GET {path}{(role is "shopper" ? "" : $" by {role ?? "nobody"}")}",
            "GET", path, status, problem)
        { As = role };
}

using Microsoft.AspNetCore.Builder;

namespace Artesanos.ServiceDefaults;

/// <summary>What a document says of an endpoint beyond its types.</summary>
public static class ApiDescription
{
    internal sealed record Request(string Json);

    internal sealed record Response(int Status, string Json);

    internal sealed record Failure(int Status, string Slug);

    /// <summary>An example body; a test holds it to the schema.</summary>
    public static TBuilder WithRequestExample<TBuilder>(this TBuilder builder, string json)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Request(json));

    /// <summary>An example answer; a test holds it to the schema.</summary>
    public static TBuilder WithResponseExample<TBuilder>(
        this TBuilder builder, int status, string json)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Response(status, json));

    /// <summary>
    /// A problem that this endpoint answers beside those that every endpoint may: 400, 401, 403,
    /// 429, 503.
    /// </summary>
    public static TBuilder WithProblem<TBuilder>(this TBuilder builder, int status, string slug)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Failure(status, slug));
}

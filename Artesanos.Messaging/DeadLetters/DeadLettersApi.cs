using System.Security.Claims;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Artesanos.Messaging.DeadLetters;

public static class DeadLettersApi
{
    private const int MaxPage = 100;

    /// <summary>
    /// Maps <c>/{service}/operations/dead-letters</c> for operators: list, inspect, replay,
    /// discard. Who resolved a letter, and when, stays with it.
    /// </summary>
    public static void MapDeadLetters(this IEndpointRouteBuilder routes, string service)
    {
        var letters = routes.MapGroup($"/{service}/operations/dead-letters")
            .RequireAuthorization(Roles.Operator)
            .WithTags("Operations");
        letters.MapGet("/", ListAsync).Produces<DeadLetterPage>()
            .WithSummary("Messages that could not be handled, the latest first.");
        letters.MapGet("/{id:guid}", GetAsync).Produces<DeadLetterDetails>()
            .WithSummary("One of them with headers, payload and error.")
            .WithProblem(404, "not-found");
        letters.MapPost("/{id:guid}/replay", ReplayAsync)
            .WithSummary("Handles it again.")
            .WithProblem(404, "not-found").WithProblem(409, "dead-letter-resolved")
            .WithProblem(422, "dead-letter-refused");
        letters.MapPost("/{id:guid}/discard", DiscardAsync)
            .WithSummary("Puts it aside for good.")
            .WithProblem(404, "not-found").WithProblem(409, "dead-letter-resolved");
    }

    private static async Task<Results<JsonHttpResult<DeadLetterPage>, ProblemHttpResult>> ListAsync(
        DeadLetterDesk desk, CancellationToken ct,
        string status = DeadLetterStatus.Open, DateTimeOffset? before = null, int limit = 50)
    {
        if (!DeadLetterStatus.IsKnown(status))
        {
            return Problems.Validation("status", "must be OPEN, REPLAYED or DISCARDED");
        }
        if (limit is < 1 or > MaxPage)
        {
            return Problems.Validation("limit", $"must be 1 to {MaxPage}");
        }
        var items = await desk.ListAsync(status, before?.ToUniversalTime(), limit, ct);
        DateTimeOffset? next = items.Count == limit ? items[^1].FailedAt : null;
        return Json(new DeadLetterPage(items, next));
    }

    private static async Task<Results<JsonHttpResult<DeadLetterDetails>, ProblemHttpResult>>
        GetAsync(Guid id, DeadLetterDesk desk, CancellationToken ct) =>
        await desk.FindAsync(id, ct) is { } letter ? Json(letter) : Unknown();

    private static async Task<Results<NoContent, ProblemHttpResult>> ReplayAsync(
        Guid id, ClaimsPrincipal caller, DeadLetterDesk desk, CancellationToken ct)
    {
        if (await desk.FindAsync(id, ct) is not { } letter)
        {
            return Unknown();
        }
        var (outcome, reason) = await desk.ReplayAsync(letter, caller.Subject(), ct);
        return outcome switch
        {
            ReplayOutcome.Handled => TypedResults.NoContent(),
            ReplayOutcome.NotOpen => Problems.Conflict("dead-letter-resolved", reason!),
            _ => Problems.Unprocessable("dead-letter-refused", reason!),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DiscardAsync(
        Guid id, ClaimsPrincipal caller, DeadLetterDesk desk, CancellationToken ct)
    {
        if (await desk.FindAsync(id, ct) is null)
        {
            return Unknown();
        }
        return await desk.DiscardAsync(id, caller.Subject(), ct)
            ? TypedResults.NoContent()
            : Problems.Conflict("dead-letter-resolved", "It is resolved already.");
    }

    private static ProblemHttpResult Unknown() => Problems.NotFound("There is no such dead letter.");

    private static JsonHttpResult<T> Json<T>(T value) =>
        TypedResults.Json(value, DeadLetterJson.Default);
}

internal sealed record DeadLetterPage(
    IReadOnlyList<DeadLetterSummary> Items, DateTimeOffset? Next);

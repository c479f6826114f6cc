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

    private const string LetterExample = """
        {"id":"01a20cda-7db0-7cbb-affe-231f132e9517","subject":"payments.succeeded",
         "error":"The order is unknown.","attempts":1,
         "failedAt":"2026-11-24T09:19:36.120417+00:00","status":"OPEN","resolvedBy":null,
         "resolvedAt":null}
        """;

    private const string PageExample = $$"""
        {"items":[{{LetterExample}}],"next":null}
        """;

    private const string DetailsExample = $$$"""
        {"summary":{{{LetterExample}}},
         "headers":{"Nats-Msg-Id":"01a20cda-7db0-7cbb-affe-231f132e9518"},
         "payload":"{\"orderId\":\"01a20cda-7db0-7cbb-affe-231f132e9519\"}"}
        """;

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
            .WithSummary("Messages that could not be handled, the latest first.")
            .WithResponseExample(200, PageExample);
        letters.MapGet("/{id:guid}", GetAsync).Produces<DeadLetterDetails>()
            .WithSummary("One of them with headers, payload and error.")
            .WithResponseExample(200, DetailsExample)
            .WithProblem(404, "not-found");
        letters.MapPost("/{id:guid}/replay", ReplayAsync)
            .WithSummary("Handles it again.")
            .WithProblem(404, "not-found").WithProblem(409, "dead-letter-resolved")
            .WithProblem(422, "dead-letter-refused");
        letters.MapPost("/{id:guid}/discard", DiscardAsync)
            .WithSummary("Puts it aside for good.")
            .WithProblem(404, "not-found").WithProblem(409, "dead-letter-resolved");
    }

    /// <param name="status">OPEN, REPLAYED or DISCARDED; without it OPEN.</param>
    /// <param name="before">The <c>next</c> of the page before.</param>
    /// <param name="limit">Dead letters on a page, 1 to 100.</param>
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

    /// <param name="id">The dead letter.</param>
    private static async Task<Results<JsonHttpResult<DeadLetterDetails>, ProblemHttpResult>>
        GetAsync(Guid id, DeadLetterDesk desk, CancellationToken ct) =>
        await desk.FindAsync(id, ct) is { } letter ? Json(letter) : Unknown();

    /// <param name="id">The dead letter.</param>
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

    /// <param name="id">The dead letter.</param>
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

/// <summary>A page of dead letters.</summary>
/// <param name="Items">The latest first.</param>
/// <param name="Next">Pass it as <c>before</c> for the next page; null at the end.</param>
internal sealed record DeadLetterPage(
    IReadOnlyList<DeadLetterSummary> Items, DateTimeOffset? Next);

using System.Globalization;

namespace Artesanos.StripeSimulator.Control;

/// <summary><c>/control/faults</c>: what goes wrong from now on.</summary>
internal static class FaultsApi
{
    private const int MaxDelayMs = 600_000;

    public static async Task AddAsync(HttpContext http)
    {
        var body = await ControlExchange.ReadAsync(
            http, ControlJson.Default.FaultRequest, new FaultRequest());
        if (body is null)
        {
            return;
        }

        if (Problem(body) is { } problem)
        {
            await ControlExchange.RefuseAsync(http, 400, problem);
            return;
        }

        var kind = body.Kind!;
        var delay = body.DelayMs is { } milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : FaultKind.DefaultDelay(kind);
        var next = body.Next ?? (body.Rate is null ? 1 : null);
        var rule = new FaultRule(
            kind, body.Target ?? "*", next, body.Rate, delay, body.Seed, body.PaymentIntent);
        if (Plan(http).Add(rule) is not { } id)
        {
            await ControlExchange.RefuseAsync(
                http, 409, "Too many faults: clear them with DELETE /control/faults.");
            return;
        }

        await http.Response.WriteAsJsonAsync(State(id, rule, 0), ControlJson.Default.FaultState);
    }

    public static Task ListAsync(HttpContext http)
    {
        FaultState[] states =
            [.. Plan(http).List().Select(fault => State(fault.Id, fault.Rule, fault.Strikes))];
        return http.Response.WriteAsJsonAsync(states, ControlJson.Default.FaultStateArray);
    }

    public static Task ClearAsync(HttpContext http)
    {
        Plan(http).Clear();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static Task RemoveAsync(HttpContext http)
    {
        var known = int.TryParse(
                ControlExchange.Id(http), NumberStyles.None, CultureInfo.InvariantCulture,
                out var id)
            && Plan(http).Remove(id);
        http.Response.StatusCode = known ? 204 : 404;
        return Task.CompletedTask;
    }

    private static string? Problem(FaultRequest body)
    {
        if (body.Kind is null
            || !(FaultKind.IsForRequests(body.Kind) || FaultKind.IsForWebhooks(body.Kind)))
        {
            return "kind must be one of rate_limited, lock_timeout, unavailable, timeout, "
                + "server_error, executed_server_error, delay, lost_response, webhook_drop, "
                + "webhook_delay, webhook_duplicate, webhook_reorder.";
        }

        return body switch
        {
            { Next: not null, Rate: not null } => "Give next or rate, not both.",
            { Next: < 1 } => "next must be at least 1.",
            { Rate: < 0 or > 1 } => "rate must be between 0 and 1.",
            { DelayMs: < 0 or > MaxDelayMs } => $"delay_ms must be between 0 and {MaxDelayMs}.",
            _ => null
        };
    }

    private static FaultState State(int id, FaultRule rule, int strikes) => new(
        id, rule.Kind, rule.Target, rule.Next, rule.Rate, (int)rule.Delay.TotalMilliseconds,
        rule.PaymentIntent, strikes);

    private static FaultPlan Plan(HttpContext http) =>
        http.RequestServices.GetRequiredService<FaultPlan>();
}

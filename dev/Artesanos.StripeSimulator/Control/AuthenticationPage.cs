using System.Text.Encodings.Web;

namespace Artesanos.StripeSimulator.Control;

/// <summary>Where <c>next_action.redirect_to_url</c> leads: the bank's page, with two buttons.
/// </summary>
internal static class AuthenticationPage
{
    // {0} the intent, {1} the way back or nothing, both encoded.
    private const string Html = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>3-D Secure (simulated)</title></head>
        <body data-return-url="{1}">
        <h1>Authenticate the payment</h1>
        <p>{0}</p>
        <button data-outcome="succeeded">Complete</button>
        <button data-outcome="failed">Fail</button>
        <p id="result" role="status"></p>
        <script>
        for (const button of document.querySelectorAll("button")) {
          button.onclick = async () => {
            const answer = await fetch(location.pathname, {
              method: "POST",
              headers: { "Content-Type": "application/json" },
              body: JSON.stringify({ outcome: button.dataset.outcome })
            });
            const state = await answer.json();
            document.getElementById("result").textContent = state.status ?? state.error;
            if (answer.ok && document.body.dataset.returnUrl) {
              const back = new URL(document.body.dataset.returnUrl);
              back.searchParams.set("payment_intent", state.id);
              back.searchParams.set("redirect_status", button.dataset.outcome);
              location.assign(back);
            }
          };
        }
        </script>
        </body></html>
        """;

    public static Task ShowAsync(HttpContext http)
    {
        var account = ControlExchange.Account(http);
        var id = ControlExchange.Id(http);
        string? returnUrl;
        lock (account.Gate)
        {
            returnUrl = account.Intents.TryFind(id, out var intent)
                ? intent.NextAction?.ReturnUrl
                : null;
        }

        // Unlike Stripe, the way back carries no client secret: it is in no URL of ours.
        var page = Html
            .Replace("{0}", HtmlEncoder.Default.Encode(id), StringComparison.Ordinal)
            .Replace("{1}", HtmlEncoder.Default.Encode(returnUrl ?? ""), StringComparison.Ordinal);
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(page, http.RequestAborted);
    }
}

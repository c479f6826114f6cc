using System.Text.Encodings.Web;

namespace Artesanos.StripeSimulator.Control;

/// <summary>Where <c>next_action.redirect_to_url</c> leads: the bank's page, with two buttons.
/// </summary>
internal static class AuthenticationPage
{
    private const string Html = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>3-D Secure (simulated)</title></head>
        <body>
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
          };
        }
        </script>
        </body></html>
        """;

    public static Task ShowAsync(HttpContext http)
    {
        var id = HtmlEncoder.Default.Encode(ControlExchange.Id(http));
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(
            Html.Replace("{0}", id, StringComparison.Ordinal), http.RequestAborted);
    }
}

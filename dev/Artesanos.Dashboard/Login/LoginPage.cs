namespace Artesanos.Dashboard.Login;

/// <summary>Takes the token of the printed URL, or says where it is.</summary>
internal static class LoginPage
{
    public const string Path = "/login";

    // It stands alone: the files of the other pages are behind the login too.
    private const string _page = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>Artesanos dashboard: login</title>
          <link rel="icon" href="data:,">
          <style>
            body { font: 1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto 0;
                   padding: 0 1rem; background: light-dark(#faf9f7, #17171a);
                   color: light-dark(#242424, #e8e6e3); }
            code { font-size: .95em; }
            input { font: inherit; padding: .4rem .6rem; width: 100%; box-sizing: border-box; }
            button { font: inherit; padding: .4rem 1.2rem; margin-top: .8rem; }
            .error { color: light-dark(#b3261e, #ff8a80); }
          </style>
        </head>
        <body>
          <main>
            <h1>Artesanos dashboard</h1>
            {0}
            <p>The AppHost printed a line at its start, <code>apphost | Dashboard:
              http://localhost:…/login?t=…</code>. Open that address, or enter what
              follows <code>t=</code>:</p>
            <form method="get" action="/login">
              <label for="t">Token</label>
              <input id="t" name="t" type="password" autocomplete="off" required autofocus>
              <button type="submit">Log in</button>
            </form>
          </main>
        </body>
        </html>
        """;

    public static void MapLogin(this WebApplication app) =>
        app.MapGet(Path, LogIn).AllowAnonymous();

    private static IResult LogIn(HttpContext context, DashboardOptions options, string? t)
    {
        if (t is not null && TokenLogin.AreEqual(t.Trim(), options.Token))
        {
            context.Response.Cookies.Append(
                TokenLogin.CookieName(options), TokenLogin.CookieValue(options), new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    IsEssential = true,
                });
            return Results.Redirect("/");
        }
        var error = t is null ? ""
            : "<p class=\"error\" role=\"alert\">That is not the token of this run.</p>";
        return Results.Content(
            _page.Replace("{0}", error, StringComparison.Ordinal), "text/html; charset=utf-8",
            statusCode: t is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized);
    }
}

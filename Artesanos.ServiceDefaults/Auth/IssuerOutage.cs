using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// While the issuer's keys cannot be fetched no token can be called wrong: the answer is 503, and
/// the log names the issuer. The library alone would answer 401 and say nothing.
/// </summary>
internal static partial class IssuerOutage
{
    public static async Task<bool> ExplainsAsync(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is not SecurityTokenException
            || context.Options.ConfigurationManager is not { } issuer)
        {
            return false;
        }

        try
        {
            await issuer.GetConfigurationAsync(context.HttpContext.RequestAborted);
            return false;
        }
        catch (InvalidOperationException outage)
        {
            var logger = context.HttpContext.RequestServices
                .GetRequiredService<ILoggerFactory>().CreateLogger(typeof(IssuerOutage));
            LogOutage(logger, context.Options.Authority, outage.Message);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The keys of the token issuer {Authority} cannot be fetched: {Reason}")]
    private static partial void LogOutage(ILogger logger, string? authority, string reason);
}

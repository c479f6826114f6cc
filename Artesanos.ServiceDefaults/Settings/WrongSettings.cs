using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// Wrong settings are whoever starts the service's to correct: one line says all of it, without
/// the stack trace of a bug.
/// </summary>
internal static class WrongSettings
{
    /// <summary>The process then exits with 1.</summary>
    public static void StopWithOneLine()
    {
        // A process of tests has many hosts.
        AppDomain.CurrentDomain.UnhandledException -= Stop;
        AppDomain.CurrentDomain.UnhandledException += Stop;
    }

    /// <returns>Null where something else has failed.</returns>
    public static string? Explain(object failure) => failure switch
    {
        WrongSettingException wrong => wrong.Message,
        OptionsValidationException wrong => string.Join(' ', wrong.Failures),
        IOException { InnerException: AddressInUseException } taken =>
            $"{taken.Message} End the process that has it (ss -ltnp), perhaps one that still "
            + "drains, or set ASPNETCORE_URLS to another address.",
        AggregateException { InnerExceptions: var all }
            when all.All(one => Explain(one) is not null) =>
            string.Join(' ', all.Select(Explain).Distinct()),
        _ => null,
    };

    private static void Stop(object sender, UnhandledExceptionEventArgs unhandled)
    {
        if (Explain(unhandled.ExceptionObject) is not { } problem)
            return;

        Console.Error.WriteLine($"{AppDomain.CurrentDomain.FriendlyName} cannot start: {problem}");
        Environment.Exit(1);
    }
}

using Artesanos.StripeSimulator;
using Microsoft.Extensions.Options;

try
{
    await using var app = SimulatorApp.Build(args);
    await app.RunAsync();
    return 0;
}
catch (Exception refused) when (refused is NotForProductionException or OptionsValidationException)
{
    // The message names the cure; a stack trace would bury it.
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}

namespace Artesanos.ServiceDefaults;

/// <summary>A variable read by its name is missing or wrong.</summary>
/// <param name="message">The variable, what is wrong with it, and the cure; never its value.
/// </param>
public sealed class WrongSettingException(string message) : Exception(message);

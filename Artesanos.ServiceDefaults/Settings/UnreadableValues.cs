using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// What stands in a section and is no value of its option's type, such as a word for a number.
/// </summary>
internal static class UnreadableValues
{
    /// <param name="section">Where the values are.</param>
    /// <param name="options">The options with their defaults, which serve as examples.</param>
    /// <returns>One sentence per value: the variable and what would be right.</returns>
    public static IEnumerable<string> In(IConfigurationSection section, object options) =>
        options.GetType().GetProperties()
            .Where(property => property.SetMethod is not null)
            .SelectMany(property =>
                In(section.GetSection(property.Name), property, property.GetValue(options)));

    private static IEnumerable<string> In(
        IConfigurationSection setting, PropertyInfo property, object? byDefault)
    {
        var variable = setting.Path.Replace(":", "__", StringComparison.Ordinal);
        var optional = Nullable.GetUnderlyingType(property.PropertyType);
        var type = optional ?? property.PropertyType;
        if (type == typeof(string))
            return [];

        if (type.IsAssignableTo(typeof(IEnumerable)))
        {
            return string.IsNullOrEmpty(setting.Value)
                ? []
                : [$"{variable} is a list: set {variable}__0, {variable}__1 and so on."];
        }

        if (type.IsClass)
            return byDefault is null ? [] : In(setting, byDefault);

        return setting.Value is not { } value || (optional is not null && value.Length == 0)
            || IsReadable(type, value)
            ? []
            : [$"{variable} must be {Form(type)}{Example(type, byDefault)}."];
    }

    private static bool IsReadable(Type type, string value) => type.IsEnum
        ? Enum.TryParse(type, value, ignoreCase: true, out var read) && Enum.IsDefined(type, read)
        : TypeDescriptor.GetConverter(type).IsValid(value);

    private static string Form(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "a duration, hh:mm:ss or d.hh:mm:ss",
        _ when type == typeof(bool) => "true or false",
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ => "a whole number",
    };

    private static string Example(Type type, object? byDefault) =>
        byDefault is null || type.IsEnum || type == typeof(bool)
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", such as {byDefault}");
}

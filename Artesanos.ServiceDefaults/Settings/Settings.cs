using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// A section of the configuration as a class of options. Every wrong value stops the service at
/// start, and is told by its variable and what would be right.
/// </summary>
public static class Settings
{
    /// <summary>
    /// Binds <paramref name="section"/> to <typeparamref name="TOptions"/>, whose annotations are
    /// checked at start with whatever else the returned builder is told to check.
    /// </summary>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(
        this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>, AnnotationCheck<TOptions>>();
        return services.AddOptions<TOptions>()
            .Configure<IConfiguration>((options, configuration) =>
                Bind(configuration.GetSection(section), options))
            .ValidateOnStart();
    }

    /// <summary>The same for what is needed before the host is built.</summary>
    /// <exception cref="OptionsValidationException">A value is wrong.</exception>
    public static TOptions ReadSettings<TOptions>(this IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new TOptions();
        Bind(configuration.GetSection(section), options);
        var result = new AnnotationCheck<TOptions>().Validate(null, options);
        return result.Succeeded
            ? options
            : throw new OptionsValidationException(section, typeof(TOptions), result.Failures);
    }

    // The binder would name the first such value only, by the framework's name of its type.
    private static void Bind(IConfigurationSection section, object options)
    {
        var problems = UnreadableValues.In(section, options).ToList();
        if (problems.Count > 0)
            throw new OptionsValidationException(section.Path, options.GetType(), problems);

        section.Bind(options);
    }
}

/// <summary>The annotations' own words; the framework's check wraps each in a sentence.</summary>
internal sealed class AnnotationCheck<TOptions> : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var problems = new List<ValidationResult>();
        return Validator.TryValidateObject(
            options, new ValidationContext(options), problems, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(problems.Select(problem => problem.ErrorMessage!));
    }
}

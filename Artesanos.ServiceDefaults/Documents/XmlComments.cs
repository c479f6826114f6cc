using System.Collections.Concurrent;
using System.Reflection;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// The comments of the code, from the file that the compiler writes beside the assembly. The
/// framework's own generator reads only public types, and what services answer is internal.
/// </summary>
internal static class XmlComments
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = [];

    public static string? Of(Type type) => Summary(type.Assembly, $"T:{Name(type)}");

    /// <summary>Of a property, or of the parameter of a record that it was declared by.</summary>
    public static string? Of(PropertyInfo property) => Summary(
        property.DeclaringType!.Assembly, $"P:{Name(property.DeclaringType)}.{property.Name}");

    /// <param name="name">As a request spells it, such as <c>Idempotency-Key</c>.</param>
    public static string? Of(MethodInfo handler, string name)
    {
        var spelled = name.Replace("-", "", StringComparison.Ordinal);
        var type = handler.DeclaringType!;
        var id = $"M:{Name(type)}.{handler.Name}(";
        var own = FileOf(type.Assembly)
            .Where(member => member.Key.StartsWith(id, StringComparison.Ordinal))
            .SelectMany(member => member.Value.Elements("param"))
            .FirstOrDefault(param => spelled.Equals(
                (string?)param.Attribute("name"), StringComparison.OrdinalIgnoreCase));
        return own is not null ? Text(own) : handler.GetParameters()
            .Where(parameter => parameter.IsDefined(typeof(AsParametersAttribute)))
            .SelectMany(parameter => parameter.ParameterType.GetProperties())
            .Where(property => property.Name.Equals(spelled, StringComparison.OrdinalIgnoreCase))
            .Select(Of).FirstOrDefault();
    }

    private static string? Summary(Assembly assembly, string id) =>
        FileOf(assembly).GetValueOrDefault(id)?.Element("summary") is { } summary
            ? Text(summary)
            : null;

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static Dictionary<string, XElement> FileOf(Assembly assembly) =>
        Files.GetOrAdd(assembly, static assembly =>
        {
            var path = Path.ChangeExtension(assembly.Location, ".xml");
            return !File.Exists(path) ? [] : XDocument.Load(path).Descendants("member")
                .ToDictionary(member => (string)member.Attribute("name")!);
        });

    /// <summary>One line; a reference becomes the name it refers to.</summary>
    private static string Text(XElement comment) => string.Join(' ',
        string.Concat(comment.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { IsEmpty: true } reference => reference.FirstAttribute?.Value.Split('.')[^1],
            XElement other => other.Value,
            _ => (node as XText)?.Value,
        })).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

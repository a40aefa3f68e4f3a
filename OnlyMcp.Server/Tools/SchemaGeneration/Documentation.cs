using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.RegularExpressions;
using Namotion.Reflection;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

/// <summary>
/// The sentence that describes a method, a type, a property or a parameter: its <c>[Description]</c>, else its <c>[Display]</c>, else its
/// XML documentation, where the compiler wrote one beside the assembly.
/// </summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
internal static partial class Documentation
{
    private static readonly ConcurrentDictionary<Assembly, bool> HasXml = [];

    public static string? Of(ICustomAttributeProvider place)
    {
        string? text = Attribute<DescriptionAttribute>(place)?.Description ?? Attribute<DisplayAttribute>(place)?.GetDescription() ?? Xml(place);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private static T? Attribute<T>(ICustomAttributeProvider place) where T : Attribute =>
        place.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault() as T;

    private static string? Xml(ICustomAttributeProvider place)
    {
        Assembly? assembly = place switch
        {
            Type type => type.Assembly,
            ParameterInfo parameter => parameter.Member.Module.Assembly,
            MemberInfo member => member.Module.Assembly,
            _ => null,
        };
        return assembly is not null && HasXml.GetOrAdd(assembly, IsXmlBeside) ? OneLine(Read(place)) : null;
    }

    // Namotion.Reflection reads XML documentation for NJsonSchema. In a method of its own, so that it is not loaded without need.
    private static string Read(ICustomAttributeProvider place) => place switch
    {
        Type type => type.GetXmlDocsSummary(),
        ParameterInfo parameter => parameter.GetXmlDocs(),
        MemberInfo member => member.GetXmlDocsSummary(),
        _ => "",
    };

    private static string OneLine(string text) => Space().Replace(Reference().Replace(text, "$1"), " ").Trim();

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "In a single file the location is empty, and no XML stands beside it.")]
    private static bool IsXmlBeside(Assembly assembly) =>
        !assembly.IsDynamic && assembly.Location.Length > 0 && File.Exists(Path.ChangeExtension(assembly.Location, ".xml"));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    // <see cref="P:Shop.Order.Total"/> comes as P:Shop.Order.Total.
    [GeneratedRegex(@"\b[TMPFE]:(?:\w+\.)*(\w+)(?:`\d+)?")]
    private static partial Regex Reference();
}

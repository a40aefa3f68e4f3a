using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server.Resources;

/// <summary>The methods of a class that are resources, and what their attributes and documentation say about them.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class ResourceMethods
{
    /// <exception cref="ArgumentException">There are none.</exception>
    public static ILookup<bool, MethodInfo> ByBeingTemplate(Type type, bool instances) =>
        MarkedMethods.Of(type, typeof(McpResourceAttribute), instances).ToLookup(method => Said(method).IsTemplate);

    public static Resource Describe(MethodInfo method)
    {
        var said = Said(method);
        return new Resource
        {
            Uri = said.Uri,
            Name = said.Name ?? MarkedMethods.NameOf(method),
            Title = said.Title,
            Description = said.Description ?? Documentation.Of(method),
            MimeType = said.MimeType,
            Icons = IconSource.Of(said.Icon),
        };
    }

    public static ResourceTemplate DescribeTemplate(MethodInfo method)
    {
        var described = Describe(method);
        return new ResourceTemplate
        {
            UriTemplate = described.Uri,
            Name = described.Name,
            Title = described.Title,
            Description = described.Description,
            MimeType = described.MimeType,
            Icons = described.Icons,
        };
    }

    private static McpResourceAttribute Said(MethodInfo method) => method.GetCustomAttribute<McpResourceAttribute>()!;
}

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Server.Resources;

/// <summary>From what a method returns to a resource's contents: text, bytes, contents, or a value that becomes JSON.</summary>
/// <remarks>Spec: 2026-07-28 server/resources §Resource Contents</remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class ResourceReturn
{
    private readonly string? mimeType;
    private readonly JsonSerializerOptions options;

    /// <exception cref="ArgumentException">The method returns nothing.</exception>
    public ResourceReturn(MethodInfo method, string? mimeType, JsonSerializerOptions options)
    {
        if (ReturnType.ResultOf(method.ReturnType) is null)
            throw new ArgumentException($"'{method.Name}' returns nothing: return what the resource holds, as text, bytes or any value.");
        this.mimeType = mimeType;
        this.options = options;
    }

    /// <exception cref="ResourceNotFoundException">The method returned null.</exception>
    public Result ToResult(object? value, string uri) => value switch
    {
        // MUST NOT: what does not exist is no empty list.
        null => throw new ResourceNotFoundException(uri),
        Result result => result,
        ResourceContents contents => Of(contents),
        IEnumerable<ResourceContents> several => Of([.. several]),
        string text => ResourceResults.Text(uri, text, mimeType ?? ResourceResults.PlainText),
        byte[] bytes => ResourceResults.Bytes(uri, bytes, mimeType),
        ReadOnlyMemory<byte> bytes => ResourceResults.Bytes(uri, bytes, mimeType),
        Memory<byte> bytes => ResourceResults.Bytes(uri, bytes, mimeType),
        _ => ResourceResults.Text(uri, JsonSerializer.Serialize(value, options), mimeType ?? "application/json"),
    };

    private static ReadResourceResult Of(params ResourceContents[] contents) => new() { Contents = contents };
}

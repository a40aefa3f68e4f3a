using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server.Features;

/// <summary>Reads the parameters of a request, or tells its sender what is wrong with them.</summary>
internal static class RequestParameters
{
    /// <summary>How many bytes of parameters are copied without their metadata: in longer ones that is the lesser part.</summary>
    public const int MostCopied = 16 * 1024;

    private static ReadOnlySpan<byte> Null => "null"u8;

    /// <exception cref="JsonRpcException">The parameters do not fit the method (-32602).</exception>
    public static T Read<T>(JsonRpcRequest request, JsonTypeInfo<T> typeInfo)
        where T : class
    {
        try
        {
            return WithoutMetadata(request).Read(typeInfo);
        }
        catch (JsonException fault)
        {
            throw new JsonRpcException(ErrorCode.InvalidParams, $"The params of '{request.Method}' do not fit: {fault.Message}", fault);
        }
    }

    /// <summary>The same for parameters that are read by hand where they are plain, and by their contract where they are not.</summary>
    public static T Read<T>(JsonRpcRequest request, Func<JsonRpcRequest, T?> plain, Func<JsonTypeInfo<T>> typeInfo)
        where T : class
    {
        try
        {
            if (plain(request) is { } parameters)
                return parameters;
        }
        catch (JsonException)
        {
            // They nest deeper than anything is read: the contract says so.
        }

        return Read(request, typeInfo());
    }

    /// <summary>The same where the method may come without parameters.</summary>
    public static T ReadOrDefault<T>(JsonRpcRequest request, JsonTypeInfo<T> typeInfo)
        where T : class, new() => request.Params.IsAbsent ? new T() : Read(request, typeInfo);

    /// <summary>
    /// The params with null for their metadata, which the era has parsed and put on the context: parsing it again would cost a small
    /// call more than all of its own parameters.
    /// </summary>
    private static JsonBody WithoutMetadata(JsonRpcRequest request)
    {
        var whole = request.Params.Value is null ? request.Params.ToUtf8().Span : default;
        var meta = request.Meta.Span;
        if (meta.Length <= Null.Length || whole.Length > MostCopied || !whole.Overlaps(meta, out var start))
            return request.Params;

        var rest = new byte[whole.Length - meta.Length + Null.Length];
        whole[..start].CopyTo(rest);
        Null.CopyTo(rest.AsSpan(start));
        whole[(start + meta.Length)..].CopyTo(rest.AsSpan(start + Null.Length));
        return new JsonBody(rest);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server.Features;

/// <summary>Reads the parameters of a request, or tells its sender what is wrong with them.</summary>
internal static class RequestParameters
{
    /// <exception cref="JsonRpcException">The parameters do not fit the method (-32602).</exception>
    public static T Read<T>(JsonRpcRequest request, JsonTypeInfo<T> typeInfo)
        where T : class
    {
        try
        {
            return request.Params.Read(typeInfo);
        }
        catch (JsonException fault)
        {
            throw new JsonRpcException(ErrorCode.InvalidParams, $"The params of '{request.Method}' do not fit: {fault.Message}", fault);
        }
    }

    /// <summary>The same where the method may come without parameters.</summary>
    public static T ReadOrDefault<T>(JsonRpcRequest request, JsonTypeInfo<T> typeInfo)
        where T : class, new() => request.Params.IsAbsent ? new T() : Read(request, typeInfo);
}

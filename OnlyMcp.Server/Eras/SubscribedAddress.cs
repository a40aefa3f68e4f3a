using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.UriTemplates;

namespace OnlyMcp.Server.Eras;

/// <summary>Holds the address of a resource that a client subscribes to against what an address is.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/subscriptions §Notification Filter</remarks>
internal static class SubscribedAddress
{
    /// <exception cref="JsonRpcException">It is no absolute URI, or too long (-32602).</exception>
    public static void Check(string? uri)
    {
        // Choice: from here on it is compared letter by letter, as it stands in resources/list.
        if (uri is null || uri.Length > UriTemplate.MaxUriLength || !UriSyntax.IsAbsolute(uri))
            throw new JsonRpcException(ErrorCode.InvalidParams, $"The address of a resource is an absolute URI of at most {UriTemplate.MaxUriLength} characters.");
    }
}

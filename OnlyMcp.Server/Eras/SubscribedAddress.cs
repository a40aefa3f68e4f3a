using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server.Eras;

/// <summary>Holds the address of a resource that a client subscribes to against what an address is.</summary>
/// <remarks>Spec: 2026-07-28 basic/patterns/subscriptions §Notification Filter</remarks>
internal static class SubscribedAddress
{
    /// <summary>The longest address that is taken, in characters: it is kept for as long as the subscription.</summary>
    private const int MostCharacters = 2048;

    /// <exception cref="JsonRpcException">It is no absolute URI, or too long (-32602).</exception>
    public static void Check(string? uri)
    {
        if (uri is null || uri.Length > MostCharacters)
            throw new JsonRpcException(ErrorCode.InvalidParams, $"The address of a resource is a string of at most {MostCharacters} characters.");

        // Choice: it must parse as an absolute URI, and is compared letter by letter, as it stands in resources/list.
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || !uri.StartsWith(parsed.Scheme, StringComparison.OrdinalIgnoreCase))
            throw new JsonRpcException(ErrorCode.InvalidParams, $"'{uri}' is no absolute URI, such as file:///project/notes.txt.");
    }
}

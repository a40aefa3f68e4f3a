using System.Collections.Concurrent;
using System.Security.Claims;

namespace OnlyMcp.Server;

/// <summary>What handlers keep for each principal; the least recently used is forgotten when there are too many.</summary>
internal sealed class PrincipalItems(int capacity = 10_000)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, ConcurrentDictionary<string, object?> Items)>> byPrincipal = [];
    private readonly LinkedList<(string Key, ConcurrentDictionary<string, object?> Items)> byUse = new();

    /// <summary>The items of a principal; new ones each time for nobody in particular, so that strangers share nothing.</summary>
    public ConcurrentDictionary<string, object?> ItemsOf(ClaimsPrincipal? principal)
    {
        if (KeyOf(principal) is not { } key)
            return new();

        lock (gate)
        {
            if (byPrincipal.TryGetValue(key, out var node))
                byUse.Remove(node);
            else
                byPrincipal[key] = node = new((key, new()));

            byUse.AddFirst(node);
            if (byUse.Count > capacity)
            {
                byPrincipal.Remove(byUse.Last!.Value.Key);
                byUse.RemoveLast();
            }

            return node.Value.Items;
        }
    }

    /// <summary>Who a principal is, so that two tokens of one user mean one user: the subject under its issuer.</summary>
    public static string? KeyOf(ClaimsPrincipal? principal)
    {
        if (principal?.Identity is not { IsAuthenticated: true } identity)
            return null;

        if (SubjectOf(principal) is { } subject)
            return $"sub {subject.Issuer.Length}:{subject.Issuer} {subject.Value}";
        if (!string.IsNullOrEmpty(identity.Name))
            return $"name {identity.AuthenticationType?.Length}:{identity.AuthenticationType} {identity.Name}";

        // Somebody, but without a name: whoever has the very same claims. Never a constant, which all such would share.
        return "claims " + string.Join('\n', principal.Claims
            .Select(claim => $"{claim.Issuer.Length}:{claim.Issuer} {claim.Type.Length}:{claim.Type} {claim.Value}")
            .Order(StringComparer.Ordinal));
    }

    /// <summary>What names a principal among those of its issuer; null if nothing does.</summary>
    public static Claim? SubjectOf(ClaimsPrincipal principal) => principal.FindFirst("sub") ?? principal.FindFirst(ClaimTypes.NameIdentifier);
}

using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>What a client presents to the token endpoint in place of a person's sign-in.</summary>
public abstract class AuthorizationGrant
{
    private protected AuthorizationGrant()
    {
    }

    /// <summary>The extension that a client which uses it declares; null if there is none.</summary>
    internal virtual string? Extension => null;

    /// <summary>What the token request holds beside the resource, the scopes and the client's proof of who it is.</summary>
    internal abstract ValueTask<IReadOnlyList<KeyValuePair<string, string>>> PresentAsync(
        GrantContext context, CancellationToken cancellationToken);
}

/// <summary>What a token is wanted for.</summary>
public sealed record GrantContext
{
    /// <summary>The authorization server that is to issue it.</summary>
    public required AuthorizationServerMetadata Server { get; init; }

    /// <summary>The MCP server that it is for: its canonical URI.</summary>
    public required string Resource { get; init; }

    /// <summary>What it should allow; empty for whatever the authorization server gives.</summary>
    public required IReadOnlyCollection<string> Scopes { get; init; }

    /// <summary>Who asks.</summary>
    public required ClientCredentials Client { get; init; }

    /// <summary>The way to token endpoints that take part.</summary>
    internal TokenEndpoint? Endpoint { get; init; }
}

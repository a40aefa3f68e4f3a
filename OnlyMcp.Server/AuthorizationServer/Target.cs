using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Which MCP server a token should be for.</summary>
/// <remarks>
/// RFC 8707 §2.
/// Spec: 2026-07-28 basic/authorization §Resource Parameter Implementation
/// Spec: 2026-07-28 basic/authorization §Canonical Server URI
/// </remarks>
internal static class Target
{
    /// <summary>The one that a request names, in its canonical form.</summary>
    /// <exception cref="OAuthException">It names none that tokens are given for, or several.</exception>
    public static string Choose(OAuthParameters request, AuthorizationServer server)
    {
        // Choice: clients of the first revision with authorization name none, and mean the only one that there is.
        if (request.Resources.Count == 0)
        {
            return server.OnlyResource
                ?? throw Refused("Name the MCP server that the token is for: the parameter 'resource' is missing.");
        }


        // Choice: one token, one server. A token for two could be carried from the one to the other.
        var asked = request.Resources[0];
        if (request.Resources.Any(other => !ResourceUri.AreSame(other, asked)))
            throw Refused("A token is for one MCP server; ask for the others one by one.");
        return server.Resources.FirstOrDefault(resource => ResourceUri.AreSame(resource, asked))
            ?? throw Refused("Tokens for this resource are not given here: name it as its metadata does.");
    }

    /// <summary>A client that asks with a code or a refresh token may say again what for, and nothing else.</summary>
    /// <exception cref="OAuthException">It says something else.</exception>
    public static void RequireSame(OAuthParameters request, string granted)
    {
        if (request.Resources.Any(asked => !ResourceUri.AreSame(asked, granted)))
            throw Refused("The grant is for another resource.");
    }

    private static OAuthException Refused(string why) => new(OAuthErrorCode.InvalidTarget, why);
}

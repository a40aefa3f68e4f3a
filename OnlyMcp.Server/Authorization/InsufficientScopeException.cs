using System.Text;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Server.Authorization;

/// <summary>
/// The caller's token does not allow what was asked for; its client is told which scopes do, so that it can ask its user for them.
/// </summary>
/// <remarks>
/// Over HTTP a 403 with a challenge, where nothing of the answer has left yet; else an error response whose data names the scopes. Its code
/// lies outside of what JSON-RPC reserves, and is the number that HTTP has for it.
/// Spec: 2026-07-28 basic/authorization §Runtime Insufficient Scope Errors
/// </remarks>
public sealed class InsufficientScopeException : JsonRpcException
{
    /// <summary>Says what is needed.</summary>
    /// <param name="scopes">All scopes that the request needs, at once.</param>
    /// <exception cref="ArgumentException">There is none, or one of them is no scope.</exception>
    public InsufficientScopeException(params IReadOnlyList<string> scopes)
        : base(ErrorOf(DemandedScopes.Check(scopes))) => Scopes = scopes.Count > 0
            ? scopes
            : throw new ArgumentException("Name the scopes that are needed, so that the client can ask its user for them.", nameof(scopes));

    /// <summary>All scopes that the request needs.</summary>
    public IReadOnlyList<string> Scopes { get; }

    // A scope holds nothing that JSON would have to escape.
    private static JsonRpcError ErrorOf(IReadOnlyList<string> scopes) => new(
        ErrorCode.InsufficientScope,
        $"The access token does not allow this: it needs '{ScopeSet.Format(scopes)}'.",
        new JsonBody(Encoding.ASCII.GetBytes($$"""{"scopes":["{{string.Join("\",\"", scopes)}}"]}""")));
}

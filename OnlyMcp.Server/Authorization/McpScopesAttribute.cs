using System.Reflection;

namespace OnlyMcp.Server.Authorization;

/// <summary>
/// Says which scopes a caller's token must have for a tool, a prompt or a resource, beside those that the server demands of every
/// request. On a method, or on a lambda.
/// </summary>
/// <remarks>
/// Over HTTP alone: on a pipe whoever started the process has its rights. See <see cref="McpServer.RequireAuthorization"/>.
/// Spec: 2026-07-28 basic/authorization §Scope Challenge Handling
/// </remarks>
/// <param name="scopes">All of them are needed, such as <c>files:read</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpScopesAttribute(params string[] scopes) : Attribute
{
    /// <summary>All of them are needed.</summary>
    public IReadOnlyList<string> Scopes { get; } = scopes;

    internal static IReadOnlyList<string> Of(MethodInfo method) => method.GetCustomAttribute<McpScopesAttribute>()?.Scopes ?? [];
}

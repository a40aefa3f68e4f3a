using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// A program presents an assertion that its surroundings gave it, such as the identity token of a workload in a cloud. No person is asked.
/// </summary>
/// <remarks>RFC 7523 §2.1.</remarks>
/// <param name="assertionFor">
/// Gets the assertion for a token: a JWT whose audience is the issuer of <see cref="GrantContext.Server"/>. Asked each time that a token is
/// needed; a fresh one should be given. It is sent once, and nothing else is tried if it is refused.
/// </param>
public sealed class AssertionGrant(Func<GrantContext, CancellationToken, ValueTask<string>> assertionFor) : AuthorizationGrant
{
    internal override async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> PresentAsync(
        GrantContext context, CancellationToken cancellationToken) =>
    [
        new("grant_type", GrantType.JwtBearer),
        new("assertion", await assertionFor(context, cancellationToken).ConfigureAwait(false)),
    ];
}

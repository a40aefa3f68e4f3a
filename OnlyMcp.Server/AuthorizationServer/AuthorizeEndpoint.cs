using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.AuthorizationServers.Pages;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Where a client sends a person: to sign in, to read what the client may do then, and to say yes or no.</summary>
/// <remarks>
/// <para>
/// The request stays in the address of the page. A form is posted to that same address, and everything in it is checked again: nothing is
/// kept between a page and its form but what ties the two together.
/// </para>
/// <para>OAuth 2.1 §3.1.</para>
/// Spec: 2026-07-28 basic/authorization §Authorization Flow Steps
/// Spec: 2026-07-28 basic/authorization/security-considerations §Open Redirection
/// </remarks>
internal sealed class AuthorizeEndpoint(AuthorizationServer server) : IOAuthEndpoint
{
    private const int MostLetters = 8 * 1024;

    public IReadOnlyCollection<string> Paths { get; } =
        AuthorizationServerOptions.Both(server.Options.AuthorizePath, AuthorizationServerOptions.Defaults.Authorize);

    public IReadOnlyList<string> Verbs { get; } = ["GET", "POST"];

    public bool IsForEveryOrigin => false;

    public async ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken)
    {
        if (http.Query.Length > MostLetters)
            throw new OAuthException(OAuthErrorCode.InvalidRequest, $"The address is longer than {MostLetters} letters.");

        var form = http.Method == "POST" ? await OAuthBody.ReadAsync(http, server.Time, cancellationToken).ConfigureAwait(false) : null;
        if (form is not null && form[Visit.FormToken] is null)
        {
            // MAY: a client may post its request. It goes on as a GET, which has an address that a form can be posted to.
            await OAuthReply.RedirectAsync(http, 303, $"?{form.ToQuery()}").ConfigureAwait(false);
            return;
        }

        var parameters = OAuthParameters.Parse(http.Query);
        var (client, address) = await AuthorizationRequest.IdentifyAsync(server, parameters, cancellationToken).ConfigureAwait(false);
        try
        {
            var visit = new Visit(server, http, AuthorizationRequest.Read(server, parameters, client, address));
            if (form is null)
                await visit.ShowAsync(cancellationToken).ConfigureAwait(false);
            else
                await visit.DecideAsync(form, cancellationToken).ConfigureAwait(false);
        }
        catch (OAuthException error) when (error.Status == 400)
        {
            await RefuseAsync(http, client, address, error).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Tells the client what is wrong. SHOULD: a browser is sent on by itself to nobody but those whom somebody here vouches for, or to this
    /// machine; else anybody who registers could have people sent from here to wherever he likes.
    /// </summary>
    private ValueTask RefuseAsync(HttpExchange http, RegisteredClient client, ReturnAddress address, OAuthException error) =>
        client.IsVouchedFor || address.IsLoopback
            ? LeavingPage.LeaveAsync(http, address, address.WithError(error), server)
            : LeavingPage.Instead(address, address.WithError(error), client, error).SendAsync(http, 400, server);
}

using Microsoft.Extensions.Logging;

namespace OnlyMcp.Client.Authorization;

/// <summary>What is done with every store of tokens alike.</summary>
internal static class TokenKeeping
{
    /// <summary>
    /// Saves tokens that have just come. Nobody cancels that, and if the store fails they are used all the same: they cannot be had a second
    /// time without asking somebody.
    /// </summary>
    public static async Task TrySaveAsync(this ITokenStore store, StoredTokens tokens, ILogger logger)
    {
        try
        {
            await store.SaveAsync(tokens, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            logger.LogWarning("Tokens could not be saved, and last as long as this client: {Reason}", fault.Message);
        }
    }

    /// <summary>Forgets a registration that its authorization server does not know any more, if it is still the one that is kept.</summary>
    /// <returns>Whether it was.</returns>
    public static async Task<bool> ForgetRegistrationAsync(
        this ITokenStore store, ClientCredentials client, string profile, CancellationToken cancellationToken)
    {
        if (client.Issuer is not { } issuer
            || (await store.FindRegistrationAsync(issuer, profile, cancellationToken).ConfigureAwait(false))?.ClientId != client.ClientId)
        {
            return false;
        }

        await store.RemoveRegistrationAsync(issuer, profile, cancellationToken).ConfigureAwait(false);
        return true;
    }
}

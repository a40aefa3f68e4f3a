namespace OnlyMcp.Client.Authorization;

/// <summary>A way to have a person sign in: brings the browser to an address, and back with the answer.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Authorization Flow Steps</remarks>
public interface ISignIn
{
    /// <summary>Makes ready for one sign-in, so that <see cref="ISignInAttempt.RedirectUri"/> is known before anybody is sent anywhere.</summary>
    ValueTask<ISignInAttempt> BeginAsync(CancellationToken cancellationToken = default);
}

/// <summary>One sign-in. Disposing ends it, whether or not it came to anything.</summary>
public interface ISignInAttempt : IAsyncDisposable
{
    /// <summary>Where the browser comes back to: an https address, or http on this machine.</summary>
    Uri RedirectUri { get; }

    /// <summary>Sends the person to an address and waits for the browser to come back.</summary>
    /// <param name="authorizationUrl">Where to: https, or http on this machine; it has been checked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The whole address at which the browser came back, with its query. The caller judges it.</returns>
    /// <exception cref="AuthorizationException">Nobody came back in time, or the browser could not be opened.</exception>
    ValueTask<Uri> SignInAsync(Uri authorizationUrl, CancellationToken cancellationToken = default);
}

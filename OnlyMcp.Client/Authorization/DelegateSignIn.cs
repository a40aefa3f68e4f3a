namespace OnlyMcp.Client.Authorization;

/// <summary>A sign-in that your program carries out itself: in a window of its own, on a web page that it serves, on a phone.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Authorization Flow Steps</remarks>
public sealed class DelegateSignIn : ISignIn
{
    private readonly Uri redirectUri;
    private readonly Func<Uri, CancellationToken, ValueTask<Uri>> signIn;

    /// <summary>Uses a function of yours.</summary>
    /// <param name="redirectUri">Where the browser comes back to: an https address, or http on this machine.</param>
    /// <param name="signIn">
    /// Brings a person's browser to the address that it is given and returns the whole address at which the browser came back, with its
    /// query. The address is https, or http on this machine: hand it to no shell.
    /// </param>
    /// <exception cref="ArgumentException">A browser may not come back to that address.</exception>
    public DelegateSignIn(Uri redirectUri, Func<Uri, CancellationToken, ValueTask<Uri>> signIn)
    {
        ArgumentNullException.ThrowIfNull(signIn);
        this.redirectUri = SignInAddress.Redirect(redirectUri);
        this.signIn = signIn;
    }

    /// <inheritdoc/>
    public ValueTask<ISignInAttempt> BeginAsync(CancellationToken cancellationToken = default) => new(new Attempt(redirectUri, signIn));

    private sealed class Attempt(Uri redirectUri, Func<Uri, CancellationToken, ValueTask<Uri>> signIn) : ISignInAttempt
    {
        public Uri RedirectUri => redirectUri;

        public async ValueTask<Uri> SignInAsync(Uri authorizationUrl, CancellationToken cancellationToken = default)
        {
            SignInAddress.CheckOpened(authorizationUrl);
            var callback = await signIn(authorizationUrl, cancellationToken).ConfigureAwait(false);
            return callback is not null && SignInAddress.IsAt(callback, redirectUri)
                ? callback
                : throw new AuthorizationException(
                    AuthorizationStep.SignIn,
                    $"The sign-in came back, but not to {redirectUri.GetLeftPart(UriPartial.Path)}, where it was sent.");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// A sign-in for programs without a browser, on a server or in a container: shows the address, and reads the one that a browser somewhere
/// else came back to, which the person copies from its address bar. That page need not load.
/// </summary>
/// <remarks>Spec: 2026-07-28 basic/authorization §Authorization Flow Steps</remarks>
/// <example><code>
/// new PastedSignIn(
///     new Uri("http://127.0.0.1:1455/callback"),
///     (address, _) => new(Console.Error.WriteLineAsync($"Open {address}\nand paste the address at which you end up:")),
///     async (wrong, token) =>
///     {
///         if (wrong is not null)
///             await Console.Error.WriteLineAsync(wrong);
///         return await Console.In.ReadLineAsync(token);
///     });
/// </code></example>
public sealed class PastedSignIn : ISignIn
{
    private readonly Uri redirectUri;
    private readonly Func<Uri, CancellationToken, ValueTask> show;
    private readonly Func<string?, CancellationToken, ValueTask<string?>> read;

    /// <summary>Talks with the person through two functions of yours.</summary>
    /// <param name="redirectUri">Where the browser comes back to: https, or http on this machine. Nobody need listen there.</param>
    /// <param name="show">Shows the person the address to go to.</param>
    /// <param name="read">
    /// Reads what the person pastes; null if the person gives up. It is told what was wrong with what came before, or null at first.
    /// </param>
    /// <exception cref="ArgumentException">A browser may not come back to that address.</exception>
    public PastedSignIn(
        Uri redirectUri, Func<Uri, CancellationToken, ValueTask> show, Func<string?, CancellationToken, ValueTask<string?>> read)
    {
        ArgumentNullException.ThrowIfNull(show);
        ArgumentNullException.ThrowIfNull(read);
        this.redirectUri = SignInAddress.Redirect(redirectUri);
        this.show = show;
        this.read = read;
    }

    /// <summary>How often a person may paste something that is no answer before the sign-in fails; 5 by default.</summary>
    public int MaxTries { get; init; } = 5;

    /// <inheritdoc/>
    public ValueTask<ISignInAttempt> BeginAsync(CancellationToken cancellationToken = default) => new(new Attempt(this));

    private sealed class Attempt(PastedSignIn signIn) : ISignInAttempt
    {
        public Uri RedirectUri => signIn.redirectUri;

        public async ValueTask<Uri> SignInAsync(Uri authorizationUrl, CancellationToken cancellationToken = default)
        {
            SignInAddress.CheckOpened(authorizationUrl);
            var state = AuthorizationResponse.StateOf(authorizationUrl);
            await signIn.show(authorizationUrl, cancellationToken).ConfigureAwait(false);
            string? wrong = null;
            for (var tries = 0; tries < signIn.MaxTries; tries++)
            {
                var pasted = await signIn.read(wrong, cancellationToken).ConfigureAwait(false);
                if (pasted is null)
                    throw new AuthorizationException(AuthorizationStep.SignIn, "The sign-in was given up: no address was pasted.");

                wrong = PastedAddress.WhatIsWrongWith(pasted, RedirectUri, state, out var callback);
                if (wrong is null)
                    return callback;
            }

            throw new AuthorizationException(
                AuthorizationStep.SignIn, $"What was pasted {signIn.MaxTries} times was no answer to this sign-in. {wrong} Sign in again.");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

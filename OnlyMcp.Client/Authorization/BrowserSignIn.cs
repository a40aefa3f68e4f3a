using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// A sign-in in the person's own browser: opens it, and waits at an address of this machine, to which the browser is sent back. It listens
/// before the browser opens, to this machine alone, takes one answer, and is gone.
/// </summary>
/// <remarks>
/// RFC 8252 §7.3.
/// Spec: 2026-07-28 basic/authorization §Authorization Flow Steps
/// Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security
/// </remarks>
public sealed class BrowserSignIn : ISignIn
{
    private readonly BrowserSignInOptions options;

    /// <summary>Makes one that serves any number of sign-ins, also at the same time if the port is free to choose.</summary>
    /// <param name="options">The port, the path, the time limit, and what opens the browser.</param>
    /// <exception cref="ArgumentException">The port, the path or the time limit cannot be used.</exception>
    public BrowserSignIn(BrowserSignInOptions? options = null)
    {
        this.options = options ?? new();
        if (this.options.Port is < 1 or > 65535)
            throw new ArgumentException($"{this.options.Port} is no port: leave it out for any that is free.", nameof(options));
        if (!IsPath(this.options.Path))
            throw new ArgumentException($"'{this.options.Path}' is no path of letters, digits and -._~/ that begins with /.", nameof(options));
        if (this.options.Timeout <= TimeSpan.Zero)
            throw new ArgumentException("The time limit has to be longer than nothing.", nameof(options));
    }

    /// <inheritdoc/>
    /// <exception cref="AuthorizationException">The port cannot be listened on; the message says what to do.</exception>
    public ValueTask<ISignInAttempt> BeginAsync(CancellationToken cancellationToken = default) =>
        new(new Attempt(options, RedirectListener.Start(options)));

    private static bool IsPath(string path) =>
        path is ['/', ..] && !path.Contains("//", StringComparison.Ordinal)
        && path.Split('/').All(part => part is not ("." or "..") && part.All(IsPathLetter));

    private static bool IsPathLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~';

    private sealed class Attempt(BrowserSignInOptions options, RedirectListener listener) : ISignInAttempt
    {
        private readonly ILogger logger = options.Logger ?? NullLogger.Instance;

        public Uri RedirectUri => listener.RedirectUri;

        public async ValueTask<Uri> SignInAsync(Uri authorizationUrl, CancellationToken cancellationToken = default)
        {
            SignInAddress.CheckOpened(authorizationUrl);
            var answer = listener.Expect(AuthorizationResponse.StateOf(authorizationUrl));
            using var timeLimit = new CancellationTokenSource(options.Timeout, options.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeLimit.Token);
            try
            {
                await SendThereAsync(authorizationUrl, answer, either.Token).ConfigureAwait(false);
                return await answer.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException fault) when (timeLimit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new AuthorizationException(AuthorizationStep.SignIn, $"{WhyNobodyCame()} Sign in again, and in time.", fault);
            }
            finally
            {
                if (!answer.IsCompletedSuccessfully)
                    listener.Dispose();
            }
        }

        public ValueTask DisposeAsync()
        {
            listener.Dispose();
            return ValueTask.CompletedTask;
        }

        /// <summary>Opens the browser, which may come back at once, or stay open for as long as the person likes.</summary>
        private async Task SendThereAsync(Uri authorizationUrl, Task answer, CancellationToken cancellationToken)
        {
            var opening = Task.Run(
                () => (options.OpenBrowser ?? UserBrowser.OpenAsync)(authorizationUrl, cancellationToken).AsTask(), cancellationToken);
            await Task.WhenAny(opening, answer).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (answer.IsCompleted || !opening.IsCompleted || opening.IsCompletedSuccessfully)
            {
                _ = WatchAsync(opening);
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var fault = opening.Exception?.InnerException ?? new OperationCanceledException("what was to open it gave up.");
            await ShowAsync(authorizationUrl, fault, cancellationToken).ConfigureAwait(false);
        }

        private async Task ShowAsync(Uri authorizationUrl, Exception fault, CancellationToken cancellationToken)
        {
            logger.LogWarning("The person's browser could not be opened: {Reason}", fault.Message);
            if (options.ShowUrl is null)
            {
                throw new AuthorizationException(
                    AuthorizationStep.SignIn,
                    $"The person's browser could not be opened: {fault.Message} Set {nameof(BrowserSignInOptions)}."
                    + $"{nameof(options.ShowUrl)} to show the address in place of that, or use {nameof(PastedSignIn)} where there is no browser.",
                    fault);
            }

            await options.ShowUrl(authorizationUrl, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>Once the browser is open, nothing depends any more on what becomes of the program that opened it.</summary>
        private async Task WatchAsync(Task opening)
        {
            await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.Exception is { } fault)
                logger.LogDebug("The program that opened the browser ended with a fault: {Reason}", fault.InnerException!.Message);
        }

        private string WhyNobodyCame() => listener.Strays == 0
            ? $"The sign-in was not finished within {options.Timeout.TotalMinutes:0.#} minutes."
            : $"The sign-in was not finished within {options.Timeout.TotalMinutes:0.#} minutes; {listener.Strays} visit(s) of the address "
                + "that it comes back to carried no answer, or another sign-in's.";
    }
}

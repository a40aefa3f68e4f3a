using Microsoft.Extensions.Logging;

namespace OnlyMcp.Client.Authorization;

/// <summary>What a <see cref="BrowserSignIn"/> can be told. Everything has a default.</summary>
public sealed record BrowserSignInOptions
{
    /// <summary>
    /// The port of this machine that the browser comes back to; null, the default, takes any that is free. Set it where the authorization
    /// server insists on the very address that it was told when the client was registered.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>The path that it comes back to; <c>/callback</c> by default. Letters, digits and <c>-._~/</c>.</summary>
    public string Path { get; init; } = "/callback";

    /// <summary>
    /// Whether the address says <c>localhost</c> in place of <c>127.0.0.1</c>; false by default. For authorization servers that know that
    /// name alone: what it leads to is the machine's own affair, and another program could listen there.
    /// </summary>
    public bool UsesLocalhostName { get; init; }

    /// <summary>How long the person has to sign in; 5 minutes by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Opens an address in the person's browser; null, the default, has the system do it. It is https, or http on this machine: hand it to
    /// no shell. The sign-in may come back while it still runs; what it throws before that counts as a browser that could not be opened.
    /// </summary>
    public Func<Uri, CancellationToken, ValueTask>? OpenBrowser { get; init; }

    /// <summary>
    /// Shows the person the address where no browser could be opened, to open it by hand on this machine; null, the default, has the
    /// sign-in fail then.
    /// </summary>
    public Func<Uri, CancellationToken, ValueTask>? ShowUrl { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Hears of browsers that could not be opened, and of visits that were no answer; nobody by default. Nothing that a sign-in brings is
    /// logged.
    /// </summary>
    public ILogger? Logger { get; init; }
}

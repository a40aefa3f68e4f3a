using OnlyMcp.Client.Authorization;

namespace SigningIn;

/// <summary>The two ways in which a person at a console signs in.</summary>
internal static class AtConsole
{
    /// <summary>The browser opens, and comes back to this program by itself.</summary>
    public static ISignIn Browser { get; } = new BrowserSignIn(new BrowserSignInOptions
    {
        ShowUrl = (address, _) => new(Console.Out.WriteLineAsync(
            $"No browser could be opened. Open this address on this machine:\n{address.AbsoluteUri}")),
    });

    /// <summary>The person carries addresses to a browser and back. Nothing has to listen at the one that it comes back to.</summary>
    public static ISignIn Paste { get; } = new PastedSignIn(
        new Uri("http://127.0.0.1:1455/callback"),
        (address, _) => new(Console.Out.WriteLineAsync(
            $"Open this address, sign in, and paste the one at which the browser ends up, whatever it shows there:\n{address.AbsoluteUri}")),
        async (wrong, cancellationToken) =>
        {
            if (wrong is not null)
                Console.WriteLine(wrong);

            // A console has no reading that could be cancelled.
            return await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        });
}

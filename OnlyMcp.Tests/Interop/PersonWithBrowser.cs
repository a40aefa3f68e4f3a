using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>A person who signs in and agrees to everything, in a browser that nobody sees (sign-in.mjs).</summary>
internal sealed class PersonWithBrowser(string name) : ISignIn, ISignInAttempt
{
    public const string Password = "secret";

    private int signIns;

    /// <summary>Where the browser comes back to. Nobody listens there: it goes no further.</summary>
    public static Uri Callback { get; } = new("http://127.0.0.1:33418/callback");

    public Uri RedirectUri => Callback;

    /// <summary>How often the person was asked.</summary>
    public int SignIns => Volatile.Read(ref signIns);

    public ValueTask<ISignInAttempt> BeginAsync(CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<Uri> SignInAsync(Uri authorizationUrl, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref signIns);
        var visit = await ChildProcess.RunAsync(Peers.Command("sign-in.mjs", authorizationUrl.AbsoluteUri, Callback.AbsoluteUri, name, Password));
        return visit.ExitCode == 0 ? new Uri(visit.Output.Trim()) : throw new PeerFailedException(visit.Errors);
    }

    public ValueTask DisposeAsync() => default;
}

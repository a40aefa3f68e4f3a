using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OnlyMcp.Client.Authorization;

/// <summary>Listens on this machine for the one visit with which a browser brings the answer of a sign-in.</summary>
/// <remarks>
/// Any page in the person's browser, and any program of this machine, can come here. What is not the answer is turned away, and ends
/// nothing.
/// Spec: 2026-07-28 basic/authorization/security-considerations §Open Redirection
/// </remarks>
internal sealed class RedirectListener : IDisposable
{
    private const int MaxTarget = 16 * 1024;

    private readonly HttpListener listener;
    private readonly ILogger logger;
    private readonly TaskCompletionSource<Uri> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Expectation? expected;
    private int taken;
    private int strays;

    private RedirectListener(HttpListener listener, Uri redirectUri, ILogger logger)
    {
        this.listener = listener;
        this.logger = logger;
        RedirectUri = redirectUri;
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri RedirectUri { get; }

    /// <summary>How many visits of the right address were no answer.</summary>
    public int Strays => Volatile.Read(ref strays);

    /// <exception cref="AuthorizationException">The port cannot be listened on.</exception>
    public static RedirectListener Start(BrowserSignInOptions options)
    {
        var name = options.UsesLocalhostName ? "localhost" : IPAddress.Loopback.ToString();
        var (listener, port) = options.Port is { } chosen ? (ListenThere(chosen, name), chosen) : ListenAnywhere(name);
        var redirectUri = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{name}:{port}{options.Path}"));
        return new RedirectListener(listener, redirectUri, options.Logger ?? NullLogger.Instance);
    }

    /// <summary>From now on takes the answer that carries this state; any, if the request had none.</summary>
    /// <exception cref="InvalidOperationException">It waits already, or did.</exception>
    public Task<Uri> Expect(string? state) => Interlocked.CompareExchange(ref expected, new Expectation(state), null) is null
        ? answer.Task
        : throw new InvalidOperationException("A sign-in is made once: begin another one.");

    /// <summary>Listens no longer. What has been answered has left already.</summary>
    public void Dispose() => listener.Close();

    private static HttpListener ListenThere(int port, string name)
    {
        try
        {
            return Listen(port, name);
        }
        catch (HttpListenerException fault)
        {
            throw new AuthorizationException(
                AuthorizationStep.SignIn,
                $"Port {port}, to which the browser is to come back, cannot be listened on: {fault.Message} End the program, or the other "
                + "sign-in, that has it, or choose another port that the authorization server knows for this client.",
                fault);
        }
    }

    /// <summary>HttpListener refuses port 0: tries ports until one is free. Those that the system hands out itself are left alone.</summary>
    private static (HttpListener Listener, int Port) ListenAnywhere(string name)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            try
            {
                return (Listen(port, name), port);
            }
            catch (HttpListenerException) when (attempt < 200)
            {
                // That one is taken.
            }
            catch (HttpListenerException fault)
            {
                throw new AuthorizationException(
                    AuthorizationStep.SignIn,
                    $"No port of this machine could be listened on, to which the browser could come back: {fault.Message}",
                    fault);
            }
        }
    }

    /// <summary>A listener that failed to start cannot be used again: each attempt takes a new one.</summary>
    private static HttpListener Listen(int port, string name)
    {
        // With the address first: whatever the name leads to, the socket is this machine's own.
        var listener = new HttpListener { IgnoreWriteExceptions = false };
        foreach (var host in new[] { IPAddress.Loopback.ToString(), name }.Distinct())
            listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}/"));
        listener.Start();
        return listener;
    }

    private async Task AcceptAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                _ = ServeAsync(await listener.GetContextAsync().ConfigureAwait(false));
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The connection broke, or the listener has been closed.
            }
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        Uri? callback = null;
        try
        {
            var page = Judge(context.Request, out callback);
            await RespondAsync(context.Response, page, hasBody: context.Request.HttpMethod != "HEAD").ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // Whatever it was, it was one visitor's: the next may bring the answer.
            logger.LogDebug("A visitor of the address that a sign-in comes back to has left without an answer: {Reason}", fault.Message);
        }

        // Once the page has left: whoever waits for this closes the listener.
        if (callback is not null)
            answer.TrySetResult(callback);
    }

    /// <summary>Which page a visitor gets, and what it brings, if it brings the answer.</summary>
    private CallbackPage Judge(HttpListenerRequest request, out Uri? callback)
    {
        callback = null;
        var target = request.RawUrl ?? "";

        // The name of the host keeps out web sites that have their own name lead to this machine (DNS rebinding).
        if (request.RemoteEndPoint is not { } visitor || !IPAddress.IsLoopback(visitor.Address)
            || !RedirectUri.Authority.Equals(request.Headers["Host"], StringComparison.OrdinalIgnoreCase)
            || target.Length > MaxTarget || target.Split('?')[0] != RedirectUri.AbsolutePath)
        {
            return CallbackPage.NotHere;
        }

        if (request.HttpMethod != "GET")
            return CallbackPage.WrongVerb;
        if (Volatile.Read(ref taken) != 0)
            return CallbackPage.Over;
        return IsAnswer(target, out var response) ? Take(target, response, out callback) : Stray();
    }

    /// <summary>SHOULD: what does not carry the state of the request is discarded; so is what is no answer at all.</summary>
    private bool IsAnswer(string target, out AuthorizationResponse response)
    {
        var wrong = AuthorizationResponse.WhatIsWrongWith(target[RedirectUri.AbsolutePath.Length..], out response);
        return wrong is null && expected is { } sought && (sought.State is null || sought.State == response.State);
    }

    private CallbackPage Take(string target, AuthorizationResponse response, out Uri? callback)
    {
        callback = null;
        if (Interlocked.Exchange(ref taken, 1) != 0)
            return CallbackPage.Over;

        callback = new Uri(RedirectUri, target);
        return response.Error is null ? CallbackPage.Agreed : CallbackPage.Refused;
    }

    private CallbackPage Stray()
    {
        Interlocked.Increment(ref strays);
        logger.LogDebug("A visit of the address that a sign-in comes back to was no answer to it, and is left out of account.");
        return CallbackPage.Stray;
    }

    private static async Task RespondAsync(HttpListenerResponse response, CallbackPage page, bool hasBody)
    {
        response.StatusCode = page.Status;
        response.KeepAlive = false;
        foreach (var (name, value) in page.Headers)
            response.Headers[name] = value;
        response.ContentLength64 = page.Body.Length;
        if (hasBody)
            await response.OutputStream.WriteAsync(page.Body).ConfigureAwait(false);
        response.Close();
    }

    private sealed record Expectation(string? State);
}

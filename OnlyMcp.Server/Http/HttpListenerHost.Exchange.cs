using System.Net;
using System.Security.Claims;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Server.Http;

internal sealed partial class HttpListenerHost
{
    /// <summary>One request of an HttpListener. Where several headers of a name came, HttpListener keeps the last.</summary>
    internal sealed class Exchange : HttpExchange, IDisposable
    {
        /// <summary>How much of a body leaves together with the headers: to that end HttpListener copies it, however long it is.</summary>
        private const int LongestWithHead = 8 * 1024;

        private readonly HttpListenerContext context;
        private bool streams;
        private bool completed;
        private int completing;
        private int aborted;

        public Exchange(HttpListenerContext context)
        {
            this.context = context;
            Method = context.Request.HttpMethod;
            Path = Uri.UnescapeDataString(context.Request.Url?.AbsolutePath ?? "");
        }

        public override string Method { get; }

        public override string Path { get; }

        public override string Query => context.Request.Url?.Query.TrimStart('?') ?? "";

        // Parsed already; the header is asked where it may be missing.
        public override long? ContentLength => context.Request.ContentLength64 is > 0 and var length ? length : base.ContentLength;

        public override string? TargetAuthority => context.Request.RawUrl is ['/', ..] ? null : AuthorityOf(context.Request.RawUrl ?? "");

        public override bool IsHttp10 => context.Request.ProtocolVersion < HttpVersion.Version11;

        public override ClaimsPrincipal? Principal => context.User as ClaimsPrincipal;

        public override IPAddress? RemoteAddress => context.Request.RemoteEndPoint?.Address;

        private HttpListenerResponse Response => context.Response;

        public override string? Header(string name) => context.Request.Headers[name];

        // Not the synchronous Read: it waits on a thread of the pool, and a few slow senders take them all.
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            try
            {
                var (length, body) = (context.Request.ContentLength64, context.Request.InputStream);
                var reading = length < 0 ? body.ReadAsync(buffer, cancellationToken) : AtOnce.ReadAsync(body, buffer, cancellationToken);
                var count = await reading.ConfigureAwait(false);
                BodyWasRead |= count == 0 && buffer.Length > 0;
                return count;
            }
            catch (Exception fault) when (MeansGone(fault))
            {
                throw Gone(fault);
            }
        }

        public override void SetResponseHeader(string name, string value) => Guard((name, value), static (exchange, header) =>
        {
            if (header.name == "Content-Type")
                exchange.Response.ContentType = header.value;
            else
                exchange.Response.Headers[header.name] = header.value;
        });

        public override void CloseAfterResponse() => Guard(false, static (exchange, keepAlive) => exchange.Response.KeepAlive = keepAlive);

        // With a length the answer leaves in a single write. Choice: an asynchronous one, which costs a little more than Write and
        // holds no thread of the pool when a client does not read.
        public override ValueTask RespondAsync(int status, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            Guard((status, body.Length), static (exchange, head) =>
            {
                // Close reads away what is left of a body, on its own thread, before the connection serves another request: for ever
                // if its sender dawdles.
                if (exchange.HasUnreadBody)
                    exchange.Response.KeepAlive = false;
                exchange.Response.StatusCode = head.status;
                exchange.Response.ContentLength64 = head.Length;
            });
            return body.IsEmpty ? ValueTask.CompletedTask
                : body.Length > LongestWithHead && SendAtOnce(context) ? WriteInTwoAsync(body, cancellationToken)
                : WriteAsync(body, cancellationToken);
        }

        public override void BeginStream() => Guard(true, static (exchange, chunked) =>
        {
            exchange.streams = true;
            exchange.Response.SendChunked = chunked;
            SendAtOnce(exchange.context);
            ReadsNoMore(exchange.context);
        });

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            try
            {
                await AtOnce.WriteAsync(Response.OutputStream, bytes, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (MeansGone(fault))
            {
                throw Gone(fault);
            }
        }

        public override void Complete()
        {
            if (Interlocked.Exchange(ref completing, 1) != 0 || Volatile.Read(ref aborted) != 0)
                return;

            Quietly(static response => response.Close());
            Volatile.Write(ref completed, true);
        }

        public override void Abort(int status)
        {
            if (Volatile.Read(ref completed) || Interlocked.Exchange(ref aborted, 1) != 0)
                return;

            if (streams)
                BreakOff(context);
            else
                AbortWith(status);
        }

        public void Dispose() => Complete();

        private async ValueTask WriteInTwoAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            await WriteAsync(body[..LongestWithHead], cancellationToken).ConfigureAwait(false);
            await WriteAsync(body[LongestWithHead..], cancellationToken).ConfigureAwait(false);
        }

        /// <summary>Without a status and a length, a response that is aborted before it began would leave as 200.</summary>
        private void AbortWith(int status)
        {
            Quietly(response =>
            {
                response.StatusCode = status == 0 ? 500 : status;
                response.ContentLength64 = 0;
            });
            Quietly(static response => response.Abort());
        }

        /// <summary>HttpListener hands over some requests that it has refused and answered itself: every access may find them closed.</summary>
        /// <param name="value">What the access needs to know: with it the delegate is made once, not for every response.</param>
        /// <param name="access">The access.</param>
        private void Guard<T>(T value, Action<Exchange, T> access)
        {
            try
            {
                access(this, value);
            }
            catch (Exception fault) when (MeansGone(fault))
            {
                throw Gone(fault);
            }
        }

        private void Quietly(Action<HttpListenerResponse> last)
        {
            try
            {
                last(Response);
            }
            catch (Exception fault) when (MeansGone(fault))
            {
                // It is over either way.
            }
        }

        private static bool MeansGone(Exception fault) =>
            fault is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException;

        private static TransportClosedException Gone(Exception fault) => new("The HTTP client is gone.", fault);

        private static string? AuthorityOf(string target)
        {
            var start = target.IndexOf("://", StringComparison.Ordinal);
            if (start < 0)
                return null;

            var rest = target[(start + 3)..];
            var end = rest.AsSpan().IndexOfAny('/', '?', '#');
            return end < 0 ? rest : rest[..end];
        }
    }
}

/// <summary>Mounts a handler in a loop of one's own.</summary>
public static class McpHttpListenerExtensions
{
    /// <summary>
    /// Answers a request of an <see cref="HttpListener"/> if its path is the MCP server's, and closes the response; otherwise nothing
    /// has been touched, and the answer is false.
    /// </summary>
    /// <example><code>
    /// while (true)
    /// {
    ///     var context = await listener.GetContextAsync();
    ///     _ = Task.Run(async () =>
    ///     {
    ///         if (!await handler.TryHandleAsync(context))
    ///             AnswerMyself(context);
    ///     });
    /// }
    /// </code></example>
    public static ValueTask<bool> TryHandleAsync(
        this McpHttpHandler handler, HttpListenerContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(context);
        return handler.HandleAsync(new HttpListenerHost.Exchange(context), cancellationToken);
    }
}

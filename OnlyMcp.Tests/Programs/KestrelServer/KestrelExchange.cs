using System.Net;
using Microsoft.AspNetCore.Http;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server.Http;

namespace KestrelServer;

/// <summary>One request of Kestrel's. Where several headers of a name came, they are joined with commas.</summary>
internal sealed class KestrelExchange(HttpContext context) : HttpExchange
{
    public override string Method => context.Request.Method;

    public override string Path => context.Request.Path.Value ?? "";

    public override string Query => context.Request.QueryString.Value?.TrimStart('?') ?? "";

    public override bool IsHttp10 => HttpProtocol.IsHttp10(context.Request.Protocol);

    public override IPAddress? RemoteAddress => context.Connection.RemoteIpAddress;

    public override string? Header(string name) => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        GuardAsync(() => context.Request.Body.ReadAsync(buffer, cancellationToken));

    public override void SetResponseHeader(string name, string value) => context.Response.Headers[name] = value;

    public override void CloseAfterResponse() => context.Response.Headers.Connection = "close";

    public override async ValueTask RespondAsync(int status, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
            context.Response.ContentLength = body.Length;
        await WriteAsync(body, cancellationToken);
    }

    public override void BeginStream() => context.Response.StatusCode = StatusCodes.Status200OK;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => await GuardAsync(async () =>
    {
        await context.Response.Body.WriteAsync(bytes, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        return 0;
    });

    // Kestrel completes the response when its handler returns.
    public override void Complete()
    {
    }

    public override void Abort(int status)
    {
        if (status == 0 || context.Response.HasStarted)
            context.Abort();
        else
            context.Response.StatusCode = status;
    }

    private static async ValueTask<int> GuardAsync(Func<ValueTask<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            throw new TransportClosedException("The client is gone.", fault);
        }
    }
}

using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Transport;

/// <summary>Which way a message goes.</summary>
public enum WireDirection
{
    /// <summary>From the client to the server, shown as <c>--&gt;</c>.</summary>
    ToServer,

    /// <summary>From the server to the client, shown as <c>&lt;--</c>.</summary>
    ToClient,
}

/// <summary>
/// Shows every message that passes, with its direction and the page of the specification that defines it: for learning and for
/// finding faults. Shows everything, secrets included.
/// </summary>
/// <param name="output">Where it is shown; standard error by default, never standard output, which may be the wire itself.</param>
public sealed class WireTap(TextWriter? output = null)
{
    private readonly Lock gate = new();
    private readonly TextWriter output = output ?? Console.Error;

    /// <summary>A client's transport that does what <paramref name="transport"/> does, and shows it.</summary>
    public IClientTransport Around(IClientTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return new TappedClientTransport(transport, this);
    }

    /// <summary>Shows a message that a server has received, and gives the stream that shows what is sent in its turn.</summary>
    public IResponseStream Around(IResponseStream stream, JsonRpcMessage received)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Show(WireDirection.ToServer, received);
        return new TappedResponseStream(stream, (received as JsonRpcRequest)?.Method, this);
    }

    /// <summary>A server's stream that does what <paramref name="stream"/> does, and shows it.</summary>
    public IResponseStream Around(IResponseStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new TappedResponseStream(stream, null, this);
    }

    /// <summary>Shows a message.</summary>
    /// <param name="direction">Where it goes.</param>
    /// <param name="message">The message.</param>
    /// <param name="answered">The method that the message answers, if it is a response and this is known.</param>
    public void Show(WireDirection direction, JsonRpcMessage message, string? answered = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        Write(direction, WireText.Heading(message, answered), WireText.Pretty(JsonRpcWriter.ToBytes(message)));
    }

    /// <summary>Shows bytes that are no message, and what is wrong with them.</summary>
    public void ShowMalformed(WireDirection direction, MalformedMessageException fault, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Write(direction, $"malformed: {WireText.Escape(fault.Message)}", WireText.Raw(bytes.Span));
    }

    private void Write(WireDirection direction, string heading, string body)
    {
        lock (gate)
        {
            output.WriteLine($"{(direction == WireDirection.ToServer ? "-->" : "<--")} {heading}");
            output.WriteLine(body);
            output.Flush();
        }
    }
}

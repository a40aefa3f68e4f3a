namespace OnlyMcp.Server;

public sealed partial class RequestContext
{
    private static readonly object Anybody = new();

    /// <summary>
    /// Who is counted as the sender of the request, where requests are counted: equal for the same one. The principal if there is one
    /// (a string), else the session or the pipe, else the address that the request came from, else anybody. Behind a proxy all have the
    /// proxy's address: no header is trusted to say otherwise.
    /// </summary>
    public object Caller => McpServer.KeyOf(Principal) ?? Session ?? Exchange.Conversation ?? Exchange.Http?.RemoteAddress ?? Anybody;

    /// <summary>The session that the request belongs to, whatever an era means by that; null if there is none.</summary>
    internal object? Session { get; init; }
}

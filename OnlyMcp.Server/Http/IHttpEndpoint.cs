namespace OnlyMcp.Server.Http;

/// <summary>What an era serves over HTTP beside the POST of the MCP endpoint.</summary>
internal interface IHttpEndpoint
{
    /// <summary>Whether it answers this verb at this path.</summary>
    bool Claims(string method, string path);

    /// <summary>Answers a request that it claims and that has passed the checks of every route.</summary>
    ValueTask HandleAsync(HttpExchange http, CancellationToken cancellationToken);
}

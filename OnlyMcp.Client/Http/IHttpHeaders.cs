using System.Net.Http.Headers;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Client.Http;

/// <summary>What an era writes into the HTTP headers of a message, and reads from those of its answer.</summary>
internal interface IHttpHeaders
{
    void Write(HttpRequestHeaders headers, JsonRpcMessage message);

    void Read(JsonRpcMessage message, HttpResponseMessage response);
}

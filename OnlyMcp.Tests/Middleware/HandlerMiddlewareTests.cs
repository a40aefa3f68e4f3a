using System.Collections.Concurrent;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Middleware;

/// <summary>What stands around the handlers of a server's requests.</summary>
public sealed class HandlerMiddlewareTests
{
    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task The_first_is_the_outermost_and_sees_the_result(Way way)
    {
        var order = new ConcurrentQueue<string>();
        await using var connected = await ConnectAsync(way, Named("outer"), Named("inner"));
        order.Clear();

        await connected.Client.CallToolAsync("echo");

        order.Should().Equal("outer before", "inner before", "inner after CallToolResult", "outer after CallToolResult");

        HandlerMiddleware<RequestContext> Named(string name) => async (request, context, next, cancellationToken) =>
        {
            order.Enqueue($"{name} before");
            var result = await next(request, context, cancellationToken);
            order.Enqueue($"{name} after {result.GetType().Name}");
            return result;
        };
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task It_may_answer_itself_change_the_request_and_the_result(Way way)
    {
        HandlerMiddleware<RequestContext> change = async (request, context, next, cancellationToken) =>
        {
            if (request.Method != Methods.ToolsCall)
                return await next(request, context, cancellationToken);
            var call = request.Params.Read(McpJson.Wire.CallToolRequestParams);
            if (call.Name == "mine")
                return ToolResults.Text($"answered at {context.ProtocolVersion}");

            var other = JsonBody.Of(call with { Name = "echo" }, McpJson.Wire.CallToolRequestParams);
            var result = (CallToolResult)await next(new JsonRpcRequest(request.Id, request.Method, other), context, cancellationToken);
            return result with { IsError = true };
        };
        await using var connected = await ConnectAsync(way, change);

        (await connected.Client.CallToolAsync("mine")).Text.Should().Be($"answered at {way.Revision}");
        var changed = await connected.Client.CallToolAsync("unknown");
        changed.Text.Should().StartWith("id ");
        changed.IsError.Should().BeTrue();
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    [Spec("2026-07-28 server/tools §Security Considerations", 2)]
    public async Task What_it_throws_becomes_the_error_response(Way way)
    {
        HandlerMiddleware<RequestContext> refuse = (request, context, next, cancellationToken) => request.Method == Methods.ToolsCall
            ? throw (request.Params.ToString().Contains("echo", StringComparison.Ordinal) ? new JsonRpcException(4711, "Refused.") : new TimeZoneNotFoundException("secret"))
            : next(request, context, cancellationToken);
        await using var connected = await ConnectAsync(way, refuse);

        var refused = () => connected.Client.CallToolAsync("echo");
        var failed = () => connected.Client.CallToolAsync("progress");

        (await refused.Should().ThrowAsync<JsonRpcException>()).Which.Code.Should().Be(4711);
        (await failed.Should().ThrowAsync<JsonRpcException>()).Which.Message.Should().Be("Internal error.", "what it says may not be meant for the client");
    }

    private static Task<Connected> ConnectAsync(Way way, params HandlerMiddleware<RequestContext>[] middleware) =>
        way.ConnectAsync(new ToolServer(new McpServerOptions { HandlerMiddleware = middleware }).Server);
}

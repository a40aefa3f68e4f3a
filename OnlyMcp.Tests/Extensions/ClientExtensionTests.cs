using System.Collections.Concurrent;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Extensions;

/// <summary>What a client adds to the protocol, and what stands around its answers.</summary>
public sealed class ClientExtensionTests
{
    [Test]
    public async Task A_server_of_a_session_may_ask_what_the_protocol_does_not_have()
    {
        var options = new McpClientOptions { Revision = KnownRevisions.V20251125 };
        options.Methods.Add("com.example/hat", (request, context, _) => new(new CompleteResult { Completion = new() { Values = [$"{request.Id}"] } }));
        await using var pipe = new ScriptedPipe();
        var connecting = McpClient.ConnectAsync(pipe.Transport, options);
        await pipe.ResultAsync(await pipe.NextAsync("initialize"), """{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{ } },"serverInfo":{"name":"s","version":"1"}}""");
        await pipe.NextAsync("notifications/initialized");
        await using var client = await connecting;

        await pipe.SendAsync("""{"jsonrpc":"2.0","id":5,"method":"com.example/hat"}""");
        (await pipe.NextAsync()).GetProperty("result").GetProperty("completion").GetProperty("values")[0].GetString().Should().Be("5");
        await pipe.SendAsync("""{"jsonrpc":"2.0","id":6,"method":"com.example/shoe"}""");
        (await pipe.NextAsync()).GetProperty("error").GetProperty("code").GetInt32().Should().Be(ErrorCode.MethodNotFound);
        options.Methods.Invoking(methods => methods.Add("roots/list", (_, _, _) => new(new EmptyResult()))).Should().Throw<ArgumentException>();
    }

    [Test]
    [Spec("2026-07-28 basic §ResultType", 1, 2)]
    public async Task A_result_of_another_type_is_taken_by_who_knows_it_and_a_fault_for_all_others()
    {
        var server = new McpServer("hats", "1.0.0");
        server.AddMethod("com.example/hat", (_, _, _) => new(new EmptyResult { ResultType = "com.example/promised" }));
        await using var connected = await new Way("pipe", KnownRevisions.V20260728).ConnectAsync(server);

        var known = await connected.Client.SendRequestAsync("com.example/hat", default, new RequestOptions { ResultTypes = ["com.example/promised"] });
        var unknown = () => connected.Client.SendRequestAsync("com.example/hat");

        known.ToString().Should().Contain("com.example/promised");
        (await unknown.Should().ThrowAsync<ProtocolFaultException>()).WithMessage("*com.example/promised*");
    }

    [TestCaseSource(typeof(Way), nameof(Way.All))]
    public async Task Middleware_stands_around_what_answers_a_server_in_every_revision(Way way)
    {
        var seen = new ConcurrentQueue<string>();
        HandlerMiddleware<InputContext> change = async (request, context, next, cancellationToken) =>
        {
            seen.Enqueue(request.Method);
            var answer = (ListRootsResult)await next(request, context, cancellationToken);
            return answer with { Roots = [.. answer.Roots, new Root { Uri = "file:///more" }] };
        };
        var server = new McpServer("asks", "1.0.0");
        server.AddTool("roots", "Lists the roots", async (RequestContext context) =>
            string.Join(' ', (await context.ListRootsAsync()).Select(root => root.Uri)));
        await using var connected = await way.ConnectAsync(server, new McpClientOptions
        {
            Roots = [new Root { Uri = "file:///one" }],
            HandlerMiddleware = [change],
        });

        (await connected.Client.CallToolAsync("roots")).Text.Should().Be("file:///one file:///more");
        seen.Should().Equal("roots/list");
    }
}

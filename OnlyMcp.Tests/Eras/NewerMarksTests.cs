using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Eras;

/// <summary>A handler that passes on what a newer server answered: what only the newest revision knows stays there.</summary>
[TestFixtureSource(nameof(Cases))]
public sealed class NewerMarksTests(Revision revision)
{
    private static IEnumerable<TestFixtureData> Cases =>
        KnownRevisions.All.Select(revision => new TestFixtureData(revision).SetArgDisplayNames(revision.Version));

    [TestCase(Methods.ToolsCall, "\"name\":\"relay\"")]
    [TestCase(Methods.ResourcesRead, "\"uri\":\"relay://a\"")]
    [Spec("2026-07-28 basic §ResultType")]
    public async Task They_are_on_modern_results_alone(string method, string which)
    {
        var server = new McpServer("relay", "1.0.0");
        server.AddTool("relay", "Passes on", Result () => ToolResults.Text("a") with { ResultType = ResultTypes.Complete });
        server.AddResource("relay://a", "a", Result () => new ReadResourceResult
        {
            Contents = [new TextResourceContents { Uri = "relay://a", Text = "a" }],
            ResultType = ResultTypes.Complete,
            TtlMs = 5,
            CacheScope = CacheScope.Public,
        });
        await using var client = await AskedClient.ConnectAsync(server, revision);
        await client.RequestAsync(method, which);
        var members = (await client.NextAsync()).GetProperty("result").EnumerateObject().Select(member => member.Name);

        if (revision.Era == Era.Modern)
            members.Should().Contain("resultType");
        else
            members.Should().BeSubsetOf(["content", "contents"]);
    }
}

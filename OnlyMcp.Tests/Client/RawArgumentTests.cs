using System.Text.Json;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Client;

/// <summary>What a caller's own converters write as arguments stays on its line; and what is no JSON does not leave.</summary>
[Spec("2026-07-28 basic/transports/stdio §Sending Messages")]
[Spec("2025-11-25 basic/transports §stdio")]
public sealed class RawArgumentTests
{
    private const string Done = """{"resultType":"complete","content":[{"type":"text","text":"done"}]}""";

    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task Line_breaks_that_a_converter_writes_do_not_cut_the_call(string version)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.AtAsync(pipe, version);

        var calling = client.CallToolAsync("t", new RawJson("{\n\"a\":\r\n[1,\n2]}"));
        var call = await pipe.NextAsync("tools/call");
        await pipe.ResultAsync(call, Done);

        (await calling).Text.Should().Be("done");
        JsonSerializer.Serialize(call.GetProperty("params").GetProperty("arguments")).Should().Be("""{"a":[1,2]}""");
    }

    [TestCase("{]")]
    [TestCase("{} {}")]
    [TestCase("""{},"task":{}""")]
    [TestCase("{\"a\":\"\n\"}")]
    public async Task What_a_converter_writes_that_is_no_JSON_is_heard_of_by_the_caller_and_by_nobody_else(string text)
    {
        await using var pipe = new ScriptedPipe();
        await using var client = await PipeConversationTests.ModernAsync(pipe);

        await client.Awaiting(it => it.CallToolAsync("bad", new RawJson(text))).Should().ThrowAsync<JsonException>();

        var calling = client.CallToolAsync("good", new RawJson("{}"));
        var call = await pipe.NextAsync("tools/call");
        call.GetProperty("params").GetProperty("name").GetString().Should().Be("good");
        await pipe.ResultAsync(call, Done);
        (await calling).Text.Should().Be("done");
    }
}

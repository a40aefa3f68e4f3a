using System.Buffers;
using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Tests.Transport;

public sealed class SseWriterTests
{
    [Test]
    public void A_message_is_one_event_with_an_id_where_there_is_one()
    {
        var ping = new JsonRpcRequest(1, "ping");

        Written(output => SseWriter.WriteMessage(output, ping, "s-1")).Should()
            .Be("id: s-1\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n\n");
    }

    [TestCase("a", "data: a\n\n")]
    [TestCase("", "data: \n\n")]
    [TestCase("a\nb", "data: a\ndata: b\n\n")]
    [TestCase("a\r\nb\rc\n", "data: a\ndata: b\ndata: c\ndata: \n\n")]
    public void Each_line_of_the_data_is_a_line_of_its_own(string data, string expected) =>
        Written(output => SseWriter.WriteEvent(output, data)).Should().Be(expected);

    [Test]
    public void An_event_has_a_name_an_id_and_a_time_to_wait() =>
        Written(output => SseWriter.WriteEvent(output, "", "endpoint", "7", TimeSpan.FromSeconds(1.5))).Should()
            .Be("id: 7\nevent: endpoint\nretry: 1500\ndata: \n\n");

    [Test]
    public void A_comment_is_a_line_with_a_colon() =>
        Written(output => SseWriter.WriteComment(output, " still here")).Should().Be(": still here\n\n");

    [TestCase("a\nb")]
    [TestCase("a\rb")]
    [TestCase("a\0b")]
    public void A_name_or_id_that_would_break_its_line_is_the_callers_mistake(string value)
    {
        var output = new ArrayBufferWriter<byte>();

        new Action(() => SseWriter.WriteEvent(output, "", eventName: value)).Should().Throw<ArgumentException>();
        new Action(() => SseWriter.WriteEvent(output, "", id: value)).Should().Throw<ArgumentException>();
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

using System.Text;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Tests.JsonRpc;

/// <summary>Whatever bytes come, a reader returns a message or says what is wrong with them.</summary>
public sealed class JsonRpcFuzzTests
{
    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":"é🙂"},"_meta":{"progressToken":1}}}""",
            """{"jsonrpc":"2.0","id":"\u00e9","result":{"content":[{"type":"text","text":"\ud83d\ude42"}]}}""",
            """{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"x","data":[1,2]}}""",
            """{"params":{"\ud83d\ude42":1,"_meta":{}},"\ud83d\ude42":"\u00e9","jsonrpc":"2\u002e0","method":"a\u0062","id":1}""",
            """[{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}},{"id":2}]""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[] Interesting = "{}[]\",:\\u0-.eE\n\r \0\u00ffdD"u8.ToArray();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Mutated_messages_never_throw_anything_else(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
            Try(Mutate(Seeds[random.Next(Seeds.Length)], random));
    }

    [Test]
    public void Random_bytes_never_throw_anything_else()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            Try(bytes);
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.Insert(at, Interesting[random.Next(Interesting.Length)]);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 10), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Try(byte[] bytes)
    {
        try
        {
            // What was accepted can be written, and read again.
            JsonRpcReader.Parse(JsonRpcWriter.ToBytes(JsonRpcReader.Parse(bytes)));
        }
        catch (MalformedMessageException)
        {
        }

        try
        {
            foreach (var part in Batch.Split(bytes))
                JsonRpcReader.Parse(part);
        }
        catch (MalformedMessageException)
        {
        }

        JsonRpcReader.TooLong(bytes, 1).Should().NotBeNull();
    }
}

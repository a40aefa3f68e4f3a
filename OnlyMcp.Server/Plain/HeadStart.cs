using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Middleware;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Eras;

namespace OnlyMcp.Server.Plain;

/// <summary>
/// Reads a first message and writes its answer on a thread of the pool, once in the life of a process, while the program says what it
/// offers: what runs for the first time is compiled first, and the first client need not wait for that.
/// </summary>
/// <remarks>Nothing of it is handled, sent, logged or measured.</remarks>
internal static class HeadStart
{
    private static int taken;

    public static void Take()
    {
        if (Interlocked.Exchange(ref taken, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static _ => Rehearse(), null);
    }

    internal static void Rehearse()
    {
        var message = JsonRpcReader.Parse("""{"jsonrpc":"2.0","id":0,"method":"ping","params":{"_meta":{}}}"""u8.ToArray());
        RequestMetadata.Parse(((JsonRpcRequest)message).Meta);
        var answer = new DiscoverResult { SupportedVersions = [""], Capabilities = new() { Tools = new() { ListChanged = true } }, ResultType = "" };
        JsonRpcWriter.ToBytes(new JsonRpcResultResponse(0, JsonBody.Of(answer, PlainDiscovery.Instance.TypeInfo)));
        _ = Telemetry.HearsOfAnswering;
    }
}

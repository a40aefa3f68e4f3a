using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>
/// The traces and metrics of clients and servers, under the names that OpenTelemetry gives them for MCP. Costs nothing until somebody
/// listens: <c>AddSource(Telemetry.Name)</c> and <c>AddMeter(Telemetry.Name)</c>.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the source of traces and of the meter.</summary>
    public const string Name = "OnlyMcp";

    private static readonly string? Version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter Meter = new(Name, Version);

    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
    };

    internal static ActivitySource Source { get; } = new(Name, Version);

    internal static Histogram<double> ClientOperation { get; } =
        Duration("mcp.client.operation.duration", "From the sending of a request to its answer.");

    internal static Histogram<double> ServerOperation { get; } =
        Duration("mcp.server.operation.duration", "From the arrival of a request to its answer.");

    internal static Histogram<double> ClientSession { get; } =
        Duration("mcp.client.session.duration", "From the opening of a conversation to its end, seen by the client.");

    internal static Histogram<double> ServerSession { get; } =
        Duration("mcp.server.session.duration", "From the opening of a session to its end, seen by the server.");

    /// <summary>OpenTelemetry has no name for these two yet.</summary>
    internal static UpDownCounter<int> ServerTasks { get; } =
        Meter.CreateUpDownCounter<int>("onlymcp.server.tasks.active", unit: "{task}", description: "The tasks that run at this moment.");

    internal static Histogram<double> ServerTask { get; } = Duration("onlymcp.server.task.duration", "From the beginning of a task to its end.");

    /// <summary>Counts a task that has begun to run (1), or runs no longer (-1).</summary>
    public static void TaskRuns(int change, string tool) => ServerTasks.Add(change, new KeyValuePair<string, object?>("gen_ai.tool.name", tool));

    /// <summary>Records how long a task was, and how it ended.</summary>
    public static void TaskEnded(TimeSpan after, string tool, string status) => ServerTask.Record(
        Math.Max(after.TotalSeconds, 0), new KeyValuePair<string, object?>("gen_ai.tool.name", tool), new("onlymcp.task.status", status));

    /// <summary>Whether anybody wants to know of requests that are sent.</summary>
    public static bool HearsOfAsking => Source.HasListeners() || ClientOperation.Enabled;

    /// <summary>Whether anybody wants to know of requests that are answered.</summary>
    public static bool HearsOfAnswering => Source.HasListeners() || ServerOperation.Enabled;

    /// <summary>Records how long a client's conversation was.</summary>
    public static void ClientEnded(TimeSpan after, PeerFacts peer) => Ended(ClientSession, after, peer);

    /// <summary>Records how long a server's session was.</summary>
    public static void ServerEnded(TimeSpan after, PeerFacts peer) => Ended(ServerSession, after, peer);

    private static void Ended(Histogram<double> sessions, TimeSpan after, PeerFacts peer)
    {
        if (!sessions.Enabled)
            return;

        var tags = default(TagList);
        peer.Describe(ref tags);
        sessions.Record(after.TotalSeconds, tags);
    }

    private static Histogram<double> Duration(string name, string description) =>
        Meter.CreateHistogram(name, unit: "s", description, tags: null, Buckets);
}

namespace OnlyMcp.LoadDriver.Load;

/// <summary>What is sent, with <see cref="NumberedCall.Template"/> for each number that changes from call to call.</summary>
internal static class Messages
{
    public const string Modern = "2026-07-28";
    public const string Legacy = "2025-11-25";

    public const string Echo = """ "name":"echo","arguments":{"text":"number 10000000"} """;
    public const string Add = """ "name":"add","arguments":{"a":10000000,"b":0} """;

    private const string Client = """{"name":"load","version":"1.0.0"}""";

    public const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":"""
        + $$$"""{"protocolVersion":"{{{Legacy}}}","capabilities":{},"clientInfo":{{{Client}}} }}""";

    public const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private const string Meta =
        $$$""" "_meta":{"io.modelcontextprotocol/protocolVersion":"{{{Modern}}}","""
        + $$$""" "io.modelcontextprotocol/clientInfo":{{{Client}}},"io.modelcontextprotocol/clientCapabilities":{}}""";

    public const string ListModern = $$$"""{"jsonrpc":"2.0","id":10000000,"method":"tools/list","params":{ {{{Meta}}} }}""";
    public const string DiscoverModern = $$$"""{"jsonrpc":"2.0","id":10000000,"method":"server/discover","params":{ {{{Meta}}} }}""";

    public static string CallModern(string tool) => Call($"{tool},{Meta}");

    /// <summary>The same for a client that wants to hear how far it is.</summary>
    public static string CallWithProgress(string tool) => Call($"{tool},{Meta[..^1]},\"progressToken\":1}}");

    /// <summary>Subscribes to changes of the list of tools.</summary>
    /// <param name="id">The request's id as JSON; the server says it again with each change.</param>
    public static string Listen(string id) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},{{{Meta}}}}}""";

    public static string CallLegacy(string tool) => Call(tool);

    private static string Call(string parameters) =>
        $$$"""{"jsonrpc":"2.0","id":10000000,"method":"tools/call","params":{ {{{parameters}}} }}""";
}

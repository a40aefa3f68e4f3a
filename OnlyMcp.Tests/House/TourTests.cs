using System.Diagnostics;
using System.Text.RegularExpressions;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.House;

/// <summary>docs/tour.md walks one call from the transport to the tool; here the tool looks up the stack and finds the same way.</summary>
public sealed partial class TourTests
{
    private static readonly string Tour = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "tour.md"));

    private static IEnumerable<TestCaseData> Ways =>
    [
        new TestCaseData("modern, Streamable HTTP", new Way("Streamable HTTP", KnownRevisions.V20260728)).SetArgDisplayNames("modern, Streamable HTTP"),
        new TestCaseData("legacy, Streamable HTTP", new Way("Streamable HTTP", KnownRevisions.V20251125)).SetArgDisplayNames("legacy, Streamable HTTP"),
        new TestCaseData("legacy, HTTP+SSE", new Way("HTTP+SSE", KnownRevisions.V20241105)).SetArgDisplayNames("legacy, HTTP+SSE"),
        new TestCaseData("modern, pipe", new Way("pipe", KnownRevisions.V20260728)).SetArgDisplayNames("modern, pipe"),
        new TestCaseData("legacy, pipe", new Way("pipe", KnownRevisions.V20251125)).SetArgDisplayNames("legacy, pipe"),
    ];

    [TestCaseSource(nameof(Ways))]
    public async Task The_stack_above_a_tool_is_the_one_that_the_tour_walks(string title, Way way)
    {
        string[] stack = [];
        var server = new McpServer("tour", "1.0.0");
        server.AddTool("look_up", "Looks up the stack", (int a, int b) =>
        {
            stack = OwnMethods(new StackTrace());
            return a + b;
        });

        await using var connected = await way.ConnectAsync(server);
        (await connected.Client.CallToolAsync("look_up", new { a = 1, b = 2 })).Text.Should().Be("3");

        // Where the message's last byte came later than its head, the runtime resumes the reading first: those frames call nobody.
        var start = Array.FindLastIndex(stack, name => Readers.Contains(name));
        start.Should().BeGreaterThanOrEqualTo(0, "somebody has read the message: {0}", string.Join(", ", stack));
        stack[start..].Should().Equal(StopsOf(title));

        // A message that came whole is read on the stack that took the request.
        stack[..start].Should().BeSubsetOf(BeforeTheReaders);
        stack[start..].Length.Should().BeInRange(7, 9, "a reader steps through all of them");
    }

    [Test]
    public void Every_stop_of_the_tour_names_a_member_that_is_there()
    {
        var members = Libraries.SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMembers(Any).Select(member => $"{type.Name.Split('`')[0]}.{member.Name}")).ToHashSet();
        var named = CodeSpan().Matches(Tour).Select(match => match.Groups["name"].Value).Where(name => !name.EndsWith(".cs", StringComparison.Ordinal) && !name.EndsWith(".md", StringComparison.Ordinal)).ToArray();

        named.Should().NotBeEmpty();
        named.Where(name => !members.Contains(name)).Should().BeEmpty("the tour would lead nowhere");
    }

    private static readonly string[] Readers = ["McpHttpHandler.PostAsync", "HttpSseEndpoint.PostAsync", "PipeServer.ReadAsync"];

    private static readonly string[] BeforeTheReaders =
    [
        "HttpListenerHost.Take", "HttpListenerHost.ServeAsync", "McpHttpHandler.HandleAsync", "HttpSseEndpoint.HandleAsync",
        "Exchange.ReadAsync", "RequestBody.ReadAsync", "LineReader.ReadAsync", "End.ReadAsync", "PipeServer.Execute",
    ];

    private const System.Reflection.BindingFlags Any = System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic
        | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.DeclaredOnly;

    private static IEnumerable<System.Reflection.Assembly> Libraries =>
        [typeof(McpServer).Assembly, typeof(Protocol.JsonRpc.JsonRpcMessage).Assembly, typeof(OnlyMcp.Client.McpClient).Assembly];

    /// <summary>Our methods from the outermost to the tool; an async method and its state machine are one.</summary>
    private static string[] OwnMethods(StackTrace stack)
    {
        var names = stack.GetFrames().Reverse()
            .Select(frame => frame.GetMethod())
            .Where(method => method?.DeclaringType is { } type && Libraries.Contains(type.Assembly))
            .Select(method => NameOf(method!))
            .ToList();
        return [.. names.Where((name, i) => i == 0 || names[i - 1] != name)];
    }

    private static string NameOf(System.Reflection.MethodBase method)
    {
        var type = method.DeclaringType!;
        var machine = StateMachine().Match(type.Name);
        var (owner, name) = machine.Success ? (type.DeclaringType!, machine.Groups["method"].Value) : (type, method.Name);
        return $"{owner.Name.Split('`')[0]}.{name}";
    }

    private static string[] StopsOf(string title) =>
        [.. Regex.Match(Tour, $@"```stack {Regex.Escape(title)}\n(?<stops>[\s\S]*?)```").Groups["stops"].Value
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    [GeneratedRegex(@"^<(?<method>\w+)>d__\d+")]
    private static partial Regex StateMachine();

    [GeneratedRegex(@"`(?<name>[A-Z]\w+\.[A-Z]\w+)`")]
    private static partial Regex CodeSpan();
}

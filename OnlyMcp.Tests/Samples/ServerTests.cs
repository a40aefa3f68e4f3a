using System.Globalization;
using OnlyMcp.Client;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The calculator and weather server as a program: what it prints, how it is reached, how it ends.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ServerTests
{
    private static readonly string[] Tools = ["Registered tool: calculator", "Registered tool: weather", "MCP Server initialized"];

    private static readonly HttpClient Http = new();

    [Test]
    public async Task It_says_what_it_does_and_where_it_listens()
    {
        await using var server = await SamplePrograms.StartServerAsync();

        server.StartUp.Should().Equal(
            [.. Tools, "Server initialized and routes configured", $"Server running at http://localhost:{server.Root.Port}"]);
    }

    [Test]
    public async Task Over_stdio_it_says_so_on_standard_error_and_standard_output_holds_messages_alone()
    {
        var server = await ChildProcess.RunAsync(SamplePrograms.Command(SamplePrograms.Server, "--stdio"));

        server.ExitCode.Should().Be(0);
        server.Output.Should().BeEmpty("nobody asked anything");
        server.Errors.Split('\n').Take(3).Should().Equal(Tools);
    }

    [Test]
    public async Task A_health_check_gets_its_pong()
    {
        await using var server = await SamplePrograms.StartServerAsync();

        using var answer = await Http.GetAsync(new Uri(server.At("ping?x=1")));

        ((int)answer.StatusCode).Should().Be(200);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
        (await answer.Content.ReadAsStringAsync()).Should().Be("pong");
    }

    [Test]
    public async Task It_listens_on_this_machine_alone()
    {
        await using var server = await SamplePrograms.StartServerAsync();

        var listeners = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();

        listeners.Where(listener => listener.Port == server.Root.Port).Should().NotBeEmpty()
            .And.OnlyContain(listener => System.Net.IPAddress.IsLoopback(listener.Address));
    }

    [TestCase("sse")]
    [TestCase("mcp")]
    public async Task Each_of_two_clients_gets_the_answers_to_its_own_questions(string path)
    {
        await using var server = await SamplePrograms.StartServerAsync();
        await using var first = await McpClient.ConnectAsync(server.At(path));
        await using var second = await McpClient.ConnectAsync(server.At(path));

        var calls = Enumerable.Range(0, 20).Select(async i =>
        {
            var answer = await (i % 2 == 0 ? first : second).CallToolAsync("calculator", new { operation = "add", a = i, b = 0 });
            return answer.Text == $"Result of add {i} and 0: {i}";
        });

        (await Task.WhenAll(calls)).Should().NotContain(false);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no signal to send to one process.")]
    public async Task Ctrl_C_ends_it_in_order_though_a_client_is_connected()
    {
        await using var server = await SamplePrograms.StartServerAsync();
        await using var client = await McpClient.ConnectAsync(server.At("sse"));

        await server.Process.InterruptAsync();

        var end = await server.Process.EndAsync();
        end.Output.TrimEnd().Should().Be("Server shutting down...");
        end.ExitCode.Should().Be(0);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no signal to send to one process.")]
    public async Task Ctrl_C_ends_it_in_order_over_stdio_too()
    {
        await using var server = ChildProcess.Start(
            [.. SamplePrograms.Interruptible, .. SamplePrograms.Command(SamplePrograms.Server, "--stdio")]);
        await server.ReadErrorLineAsync("Server running on stdio");
        await server.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        await server.ReadLineAsync();

        await server.InterruptAsync();

        var end = await server.EndAsync();
        end.ExitCode.Should().Be(0);
        end.Output.Should().BeEmpty();
        end.Errors.Should().EndWith("Server shutting down..." + Environment.NewLine);
    }

    [Test]
    public async Task With_wire_it_shows_each_message_and_where_it_is_specified()
    {
        await using var server = await SamplePrograms.StartServerAsync("--wire");
        await using var client = await McpClient.ConnectAsync(server.At("mcp"));

        await client.CallToolAsync("calculator", new { operation = "add", a = 1, b = 2 });

        (await server.Process.ReadErrorLineAsync("--> ")).Should().Contain("server/discover");
        (await server.Process.ReadErrorLineAsync("--> ")).Should().Contain("tools/call").And.Contain("server/tools");
        (await server.Process.ReadErrorLineAsync("Result of")).Should().Contain("Result of add 1 and 2: 3");
    }

    [Test]
    public async Task A_port_in_use_is_told_and_ends_it_with_1()
    {
        await using var server = await SamplePrograms.StartServerAsync();
        var port = server.Root.Port.ToString(CultureInfo.InvariantCulture);

        var second = await SamplePrograms.RunAsync(SamplePrograms.Server, "--port", port);

        second.ExitCode.Should().Be(1);
        second.Errors.Should().Contain(port).And.Contain("in use").And.Contain("--port");
    }

    [TestCase("--bogus", ExpectedResult = "There is no option --bogus.")]
    [TestCase("--port", ExpectedResult = "--port wants a value behind it.")]
    [TestCase("--port 65536", ExpectedResult = "--port wants a number from 0 to 65535, not 65536.")]
    [TestCase("--port +1", ExpectedResult = "--port wants a number from 0 to 65535, not +1.")]
    [TestCase("--weather-url here", ExpectedResult = "--weather-url wants an address such as https://api.open-meteo.com, not here.")]
    [TestCase("3001", ExpectedResult = "There is no option 3001.")]
    public async Task<string> It_refuses_what_it_does_not_understand_with_2(string arguments)
    {
        var server = await SamplePrograms.RunAsync(SamplePrograms.Server, arguments.Split(' '));

        server.ExitCode.Should().Be(2);
        server.Output.Should().BeEmpty();
        return server.Errors.TrimEnd().Replace(" --help shows the options.", "", StringComparison.Ordinal);
    }

    [Test]
    public async Task Help_names_every_option()
    {
        var server = await SamplePrograms.RunAsync(SamplePrograms.Server, "--help");

        server.ExitCode.Should().Be(0);
        server.Output.Should().ContainAll("--port", "--stdio", "--weather-url", "--wire", "made up");
    }
}

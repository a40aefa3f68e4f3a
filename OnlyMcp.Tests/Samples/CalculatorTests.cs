using System.Globalization;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>What the calculator says, letter by letter as JavaScript would say it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CalculatorTests
{
    private McpClient client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var command = SamplePrograms.Command(SamplePrograms.Server, "--stdio");
        client = await McpClient.StartAsync(command[0], command[1..]);
    }

    [OneTimeTearDown]
    public async Task Stop() => await client.DisposeAsync();

    [TestCase("multiply", "6", "7", ExpectedResult = "Result of multiply 6 and 7: 42")]
    [TestCase("divide", "1", "3", ExpectedResult = "Result of divide 1 and 3: 0.3333333333333333")]
    [TestCase("add", "0.1", "0.2", ExpectedResult = "Result of add 0.1 and 0.2: 0.30000000000000004")]
    [TestCase("add", "1.0", "2.50", ExpectedResult = "Result of add 1 and 2.5: 3.5")]
    [TestCase("subtract", "5", "7.25", ExpectedResult = "Result of subtract 5 and 7.25: -2.25")]
    [TestCase("multiply", "1e20", "10", ExpectedResult = "Result of multiply 100000000000000000000 and 10: 1e+21")]
    [TestCase("add", "123456789012345680000", "0", ExpectedResult = "Result of add 123456789012345680000 and 0: 123456789012345680000")]
    [TestCase("divide", "1", "1000000", ExpectedResult = "Result of divide 1 and 1000000: 0.000001")]
    [TestCase("divide", "1", "10000000", ExpectedResult = "Result of divide 1 and 10000000: 1e-7")]
    [TestCase("add", "1.5e-10", "0", ExpectedResult = "Result of add 1.5e-10 and 0: 1.5e-10")]
    [TestCase("add", "-0.00000123", "0", ExpectedResult = "Result of add -0.00000123 and 0: -0.00000123")]
    [TestCase("multiply", "-0", "1", ExpectedResult = "Result of multiply 0 and 1: 0")]
    [TestCase("multiply", "-1", "0", ExpectedResult = "Result of multiply -1 and 0: 0")]
    [TestCase("add", "5e-324", "0", ExpectedResult = "Result of add 5e-324 and 0: 5e-324")]
    [TestCase("multiply", "1.7976931348623157e308", "10", ExpectedResult = "Result of multiply 1.7976931348623157e+308 and 10: Infinity")]
    [TestCase("multiply", "-1e308", "10", ExpectedResult = "Result of multiply -1e+308 and 10: -Infinity")]
    [TestCase("subtract", "1e400", "1e400", ExpectedResult = "Result of subtract Infinity and Infinity: NaN")]
    public async Task<string> Numbers_are_written_as_javascript_writes_them(string operation, string a, string b) =>
        (await CalculateAsync(operation, a, b)).Text;

    [Test]
    public async Task Five_hundred_numbers_of_all_sizes_are_written_as_node_writes_them()
    {
        var random = new Random(20241105);
        string[] operations = ["add", "subtract", "multiply", "divide"];
        var sums = Enumerable.Range(0, 500).Select(_ => (Operation: operations[random.Next(4)], A: Any(), B: Any())).ToList();
        var node = await ChildProcess.RunAsync(Peers.Command(
            "calculator.mjs", $"[{string.Join(',', sums.Select(sum => $"[\"{sum.Operation}\",{sum.A},{sum.B}]"))}]"));
        node.ExitCode.Should().Be(0, node.Errors);

        List<string> texts = [];
        foreach (var (operation, a, b) in sums)
            texts.Add((await CalculateAsync(operation, a, b)).Text);

        texts.Should().Equal(node.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        // Half of them any bits that are a finite number, half of them near one, where people calculate.
        string Any()
        {
            double value = random.Next(2) == 0 ? Math.Round(random.NextDouble() * 1e9, random.Next(15)) : double.NaN;
            while (!double.IsFinite(value))
                value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            return value.ToString("R", CultureInfo.InvariantCulture);
        }
    }

    [TestCase("0")]
    [TestCase("-0")]
    [Spec("2026-07-28 server/tools §Error Handling")]
    public async Task A_division_by_zero_is_a_tool_error(string zero)
    {
        var answer = await CalculateAsync("divide", "1", zero);

        answer.IsError.Should().BeTrue();
        answer.Text.Should().Be("Error: Division by zero");
    }

    [TestCase("""{"operation":"power","a":1,"b":2}""", "power")]
    [TestCase("""{"operation":"add","a":"1","b":2}""", "/a")]
    [TestCase("""{"operation":"add","a":1}""", "b")]
    [TestCase("""{"operation":"add","a":1,"b":2,"c":3}""", "c")]
    public async Task What_the_schema_forbids_is_refused_and_the_model_is_told_what_to_mend(string arguments, string told)
    {
        var answer = await client.CallToolAsync("calculator", JsonElement.Parse(arguments));

        answer.IsError.Should().BeTrue();
        answer.Text.Should().Contain(told).And.NotContain("Result of");
    }

    private Task<ToolAnswer> CalculateAsync(string operation, string a, string b) =>
        client.CallToolAsync("calculator", JsonElement.Parse($$"""{"operation":"{{operation}}","a":{{a}},"b":{{b}}}"""));
}

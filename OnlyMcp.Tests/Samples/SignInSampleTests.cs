using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The client that signs in, as a program, against the personal database.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SignInSampleTests
{
    private static readonly HttpClient Http = new();

    [Test]
    public async Task It_signs_in_in_the_browser_asks_for_more_and_next_time_for_nothing()
    {
        await using var program = await PersonalDbProgram.OpenAsync();
        await using var visitor = Visitor.Start(program);
        using var person = PersonalDbAgent.Browser(PersonalDbProgram.Administrator);
        await SignInAsync(visitor.Process, person);
        await SignInAsync(visitor.Process, person);

        var first = await visitor.Process.EndAsync();
        var second = await visitor.RunAgainAsync();

        first.ExitCode.Should().Be(0, first.Errors);
        first.Output.Should().Contain("schemas-create answered: {\"schema\":").And.Contain("10 tools may be used");
        second.ExitCode.Should().Be(0, second.Errors);
        second.Output.Should().NotContain("Open this address").And.Contain("10 tools may be used");
        second.Output.Should().Contain("schemas-create failed: Schema for type 'Note' already exists");
    }

    [Test]
    public async Task On_a_machine_without_a_browser_addresses_are_pasted()
    {
        await using var program = await PersonalDbProgram.OpenAsync();
        await using var visitor = Visitor.Start(program, "--paste");
        using var person = PersonalDbAgent.Browser(PersonalDbProgram.Administrator);
        for (var i = 0; i < 2; i++)
        {
            var address = await AddressAsync(visitor.Process);
            await visitor.Process.WriteLineAsync("not an address");
            (await visitor.Process.ReadLineAsync()).Should().NotBeEmpty();
            await visitor.Process.WriteLineAsync((await person.AllowAsync(address)).AbsoluteUri);
        }

        var end = await visitor.Process.EndAsync();

        end.ExitCode.Should().Be(0, end.Errors);
        end.Output.Should().Contain("schemas-create answered: {\"schema\":");
    }

    [Test]
    public async Task Who_says_no_is_told_that_nothing_was_allowed()
    {
        await using var program = await PersonalDbProgram.OpenAsync();
        await using var visitor = Visitor.Start(program, "--paste");
        using var person = PersonalDbAgent.Browser(PersonalDbProgram.Administrator);
        await visitor.Process.WriteLineAsync((await person.RefuseAsync(await AddressAsync(visitor.Process))).AbsoluteUri);

        var end = await visitor.Process.EndAsync();

        end.ExitCode.Should().Be(3);
        end.Errors.Should().StartWith("Not allowed: ").And.NotContain("code=");
    }

    [Test]
    public async Task Who_is_no_administrator_gets_as_far_as_he_may()
    {
        await using var program = await PersonalDbProgram.OpenAsync();
        await program.RegisterAsync("modest");
        await using var visitor = Visitor.Start(program, "--paste");
        using var person = PersonalDbAgent.Browser("modest");
        await visitor.Process.WriteLineAsync((await person.AllowAsync(await AddressAsync(visitor.Process))).AbsoluteUri);
        string line;
        do
            line = await visitor.Process.ReadLineAsync();
        while (!line.StartsWith("entities-list answered: ", StringComparison.Ordinal));
        await visitor.Process.WriteLineAsync((await person.AllowAsync(await AddressAsync(visitor.Process))).AbsoluteUri);

        var end = await visitor.Process.EndAsync();

        end.ExitCode.Should().Be(3, end.Output);
        end.Errors.Should().StartWith("Not allowed: ").And.Contain("schemas:write");
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no signal to send to one process.")]
    public async Task Ctrl_C_ends_it_though_the_person_has_not_come_back()
    {
        await using var program = await PersonalDbProgram.OpenAsync();
        await using var visitor = Visitor.Start(program);
        await AddressAsync(visitor.Process);

        await visitor.Process.InterruptAsync();

        var end = await visitor.Process.EndAsync();
        end.ExitCode.Should().Be(130, end.Errors);
        end.Output.TrimEnd().Should().EndWith("Stopped");
    }

    [Test]
    public async Task It_ends_with_1_and_a_reason_where_nobody_listens()
    {
        var end = await SamplePrograms.RunAsync(SamplePrograms.SignIn, $"http://127.0.0.1:{FreePort.Next()}/api/mcp");

        end.ExitCode.Should().Be(1);
        end.Errors.Should().MatchRegex(@"^Failed: \w.*");
    }

    [TestCase("--bogus", ExpectedResult = "There is no option --bogus.")]
    [TestCase("--tokens", ExpectedResult = "--tokens wants a value behind it.")]
    [TestCase("nonsense", ExpectedResult = "A server's address looks like http://localhost:3001/api/mcp, not nonsense.")]
    public async Task<string> It_refuses_what_it_does_not_understand_with_2(string argument)
    {
        var end = await SamplePrograms.RunAsync(SamplePrograms.SignIn, argument);

        end.ExitCode.Should().Be(2);
        return end.Errors.TrimEnd().Replace(" --help shows the options.", "", StringComparison.Ordinal);
    }

    /// <summary>Does in a browser what the client asks for, until the last page brings the client its answer; returns what was printed.</summary>
    internal static async Task<string> SignInAsync(ChildProcess client, Person person)
    {
        var (printed, address) = await ReadAsync(client);
        using var page = await Http.GetAsync(await person.AllowAsync(address));
        ((int)page.StatusCode).Should().Be(200);
        return printed;
    }

    private static async Task<Uri> AddressAsync(ChildProcess client) => (await ReadAsync(client)).Address;

    /// <summary>Reads on until the client shows an address.</summary>
    private static async Task<(string Printed, Uri Address)> ReadAsync(ChildProcess client)
    {
        for (var printed = ""; ;)
        {
            var line = await client.ReadLineAsync();
            printed += line + "\n";
            if (line.StartsWith("http://", StringComparison.Ordinal))
                return (printed, new Uri(line));
        }
    }
}

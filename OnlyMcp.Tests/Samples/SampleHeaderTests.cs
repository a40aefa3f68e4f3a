using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The header of each sample tells the truth: its command prints what it says. The port alone is another.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SampleHeaderTests
{
    private const string Local = "http://localhost:3001";

    [Test]
    public async Task The_hello_server_greets_through_the_host()
    {
        var header = SampleHeader.Of(SamplePrograms.Hello);
        header.Command.Should().Be(
            $"dotnet run --project samples/{SamplePrograms.Host} -- --stdio dotnet run --project samples/{SamplePrograms.Hello}");

        var host = await SamplePrograms.RunAsync(SamplePrograms.Host, ["--stdio", .. SamplePrograms.Command(SamplePrograms.Hello)]);

        host.Output.Should().Match(printed => header.IsTrueOf(printed), header.Output);
    }

    [Test]
    public async Task The_server_starts_as_it_says()
    {
        var header = SampleHeader.Of(SamplePrograms.Server);
        header.Command.Should().Be($"dotnet run --project samples/{SamplePrograms.Server}");

        await using var server = await SamplePrograms.StartServerAsync();

        AsOnPort3001(string.Join('\n', server.StartUp), server).Should().Match(printed => header.IsTrueOf(printed), header.Output);
    }

    [TestCase(SamplePrograms.Host)]
    [TestCase(SamplePrograms.RawWire)]
    public async Task A_client_prints_what_it_says(string sample)
    {
        var header = SampleHeader.Of(sample);
        header.Command.Should().Be($"dotnet run --project samples/{sample}", "the address is the default");
        await using var server = await SamplePrograms.StartServerAsync();

        var client = await SamplePrograms.RunAsync(sample, server.At("mcp"));

        client.ExitCode.Should().Be(0, client.Errors);
        AsOnPort3001(client.Output, server).Should().Match(printed => header.IsTrueOf(printed), header.Output);
    }

    [Test]
    public async Task The_long_job_is_done_as_it_says()
    {
        var header = SampleHeader.Of(SamplePrograms.LongJob);
        header.Command.Should().Be($"dotnet run --project samples/{SamplePrograms.LongJob}", "all options have their defaults");
        await using var studio = await Studio.OpenAsync();
        await using var child = studio.Start("--seconds", "2");
        await child.WriteAndCloseAsync("colour\n");

        var client = await child.EndAsync();

        client.ExitCode.Should().Be(0, client.Errors);
        AsOnPort3001(client.Output, studio.Server).Should().Match(printed => header.IsTrueOf(printed), header.Output);
    }

    [Test]
    public async Task The_personal_database_starts_as_it_says()
    {
        var header = SampleHeader.Of(SamplePrograms.PersonalDb);
        header.Command.Should().Be($"dotnet run --project samples/{SamplePrograms.PersonalDb}");

        await using var program = await PersonalDbProgram.OpenAsync(password: null);

        AsOnPort3001(string.Join('\n', program.Server.StartUp), program.Server).Should().Match(printed => header.IsTrueOf(printed), header.Output);
    }

    [Test]
    public async Task The_client_signs_in_as_it_says()
    {
        var header = SampleHeader.Of(SamplePrograms.SignIn);
        header.Command.Should().Be($"dotnet run --project samples/{SamplePrograms.SignIn}", "all options have their defaults");
        await using var program = await PersonalDbProgram.OpenAsync();
        await using var visitor = Visitor.Start(program);
        using var person = PersonalDbAgent.Browser(PersonalDbProgram.Administrator);
        var read = await SignInSampleTests.SignInAsync(visitor.Process, person) + await SignInSampleTests.SignInAsync(visitor.Process, person);

        var client = await visitor.Process.EndAsync();

        client.ExitCode.Should().Be(0, client.Errors);
        AsOnPort3001(read + client.Output, program.Server).Should().Match(printed => header.IsTrueOf(printed), header.Output);
    }

    [Test]
    public void Every_sample_has_its_test_here() =>
        Directory.GetDirectories(Path.Combine(RepositoryFolder.Path, "samples")).Select(Path.GetFileName).Should().BeEquivalentTo(
        [
            SamplePrograms.Hello, SamplePrograms.Server, SamplePrograms.Host, SamplePrograms.RawWire, SamplePrograms.LongJob,
            SamplePrograms.PersonalDb, SamplePrograms.SignIn,
        ]);

    private static string AsOnPort3001(string printed, SampleServer server) =>
        printed.Replace(server.Root.AbsoluteUri.TrimEnd('/'), Local, StringComparison.Ordinal);
}

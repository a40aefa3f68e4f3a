using System.Globalization;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>The store that outlives its process, with processes that are killed.</summary>
public sealed class KilledProcessTests
{
    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("onlymcp-tasks-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [TestCase(1, 100)]
    [TestCase(8, 500)]
    public async Task Nothing_that_a_killed_process_had_acknowledged_is_lost(int writers, int linesBeforeTheEnd)
    {
        Dictionary<string, long> acknowledged = [];
        for (var life = 1; life <= 2; life++)
        {
            await using var child = ChildProcess.Start(Programs.Command("TaskWriter", folder, $"{writers}"));
            (await child.ReadLineAsync()).Should().Be("open");
            for (var i = 0; i < linesBeforeTheEnd; i++)
                Note(await child.ReadLineAsync());
            child.Kill();
            var rest = (await child.EndAsync()).Output.Split('\n', StringSplitOptions.TrimEntries);
            foreach (var line in rest.Where(line => line.EndsWith('.')))
                Note(line);
        }

        var log = new RecordedLog();
        await using var store = new FileTaskStore(folder, logger: new LogOf<FileTaskStore>(log));

        log.Lines.Should().BeEmpty("every file is there as a whole");
        acknowledged.Should().HaveCountGreaterThan(writers);
        foreach (var (taskId, version) in acknowledged)
            (await store.FindAsync(taskId))!.Version.Should().BeInRange(version, version + 1);
        (await store.TakeAbandonedAsync()).Should().HaveCountGreaterThanOrEqualTo(acknowledged.Count);

        void Note(string line)
        {
            var words = line.Split(' ');
            var version = long.Parse(words[1], CultureInfo.InvariantCulture);
            acknowledged[words[0]] = Math.Max(version, acknowledged.GetValueOrDefault(words[0]));
        }
    }

    [Test]
    public async Task A_second_process_is_refused_until_the_first_is_killed()
    {
        await using var first = ChildProcess.Start(Programs.Command("TaskWriter", folder));
        (await first.ReadLineAsync()).Should().Be("open");

        var second = await ChildProcess.RunAsync(Programs.Command("TaskWriter", folder));
        second.ExitCode.Should().Be(1);
        second.Errors.Should().Contain(folder).And.Contain("a folder of its own");

        first.Kill();
        await first.EndAsync();
        (await ChildProcess.RunAsync(Programs.Command("TaskWriter", folder))).Output.Trim().Should().Be("open");
    }
}

using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>The store of an authorization server that outlives its process, and that several processes share.</summary>
public sealed class FileAuthorizationStoreTests
{
    private ManualTime time = null!;
    private RecordedLog log = null!;
    private string root = null!;
    private string folder = null!;

    private IEnumerable<string> Entries =>
        Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith("lock-", StringComparison.Ordinal));

    [SetUp]
    public void SetUp()
    {
        time = new ManualTime();
        log = new RecordedLog();
        root = Directory.CreateTempSubdirectory("onlymcp-entries-").FullName;
        folder = Path.Combine(root, "of a server", "entries");
    }

    [TearDown]
    public void TearDown()
    {
        log.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Test]
    public async Task What_was_written_is_there_when_the_folder_is_opened_again()
    {
        var expires = time.GetUtcNow() + TimeSpan.FromHours(1);
        using (var store = Open())
        {
            await store.TryWriteAsync(Entry("client", "a", "1"), null);
            await store.TryWriteAsync(Entry("client", "a", "2") with { ExpiresAt = expires }, 1);
            await store.TryWriteAsync(Entry("client", "gone"), null);
            await store.RemoveAsync("client", "gone");
        }

        using var again = Open();

        var found = await again.FindAsync("client", "a");
        found!.Value.GetInt32().Should().Be(2);
        found.Version.Should().Be(2);
        found.ExpiresAt.Should().Be(expires);
        Entries.Should().ContainSingle().Which.Should().MatchRegex("^client\\.[0-9a-f]{64}\\.json$");
        log.Lines.Should().BeEmpty();
    }

    [Test]
    public async Task What_is_over_leaves_no_file()
    {
        using var store = Open();
        await store.TryWriteAsync(Entry("code", "a") with { ExpiresAt = time.GetUtcNow() + TimeSpan.FromMinutes(1) }, null);
        await store.TryWriteAsync(Entry("code", "b"), null);

        time.Advance(TimeSpan.FromMinutes(5));

        Entries.Should().ContainSingle();
        (await store.FindAsync("code", "b")).Should().NotBeNull();
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("\0\0\0\0")]
    [TestCase("""{"kind":"client","key":"a"}""")]
    [TestCase("""{"kind":"client","key":"b","version":1,"value":{}}""")]
    [TestCase("""{"kind":"client","key":"a","version":1.5,"value":{}}""")]
    [TestCase("""{"kind":"client","key":"a","version":1,"expiresAt":7,"value":{}}""")]
    public async Task A_file_that_is_damaged_is_told_by_name_and_the_others_are_served(string text)
    {
        using (var store = Open())
        {
            await store.TryWriteAsync(Entry("client", "a"), null);
            await store.TryWriteAsync(Entry("client", "c"), null);
        }

        var damaged = PathOf("client", "a");
        await File.WriteAllTextAsync(damaged, text);
        using var again = Open();

        log.Lines.Should().ContainSingle().Which.Should().StartWith("Error").And.Contain(damaged);
        (await again.FindAsync("client", "c")).Should().NotBeNull();
        await again.Awaiting(s => s.FindAsync("client", "a").AsTask()).Should().ThrowAsync<IOException>().WithMessage($"*{damaged}*put back a copy*");
        await again.Awaiting(s => s.TryWriteAsync(Entry("client", "a"), null).AsTask())
            .Should().ThrowAsync<IOException>("what it was may matter: nothing takes its place unseen");
        time.Advance(TimeSpan.FromMinutes(5));
        (await File.ReadAllTextAsync(damaged)).Should().Be(text);
        log.Lines.Should().ContainSingle("it was told before");

        await again.RemoveAsync("client", "a");
        (await again.TryWriteAsync(Entry("client", "a"), null)).Should().BeTrue();
    }

    [Test]
    public async Task A_file_that_is_larger_than_an_entry_may_be_is_not_read()
    {
        using (var store = Open())
            await store.TryWriteAsync(Entry("client", "a", $"\"{new string('x', 2000)}\""), null);

        using var small = Open(new() { MaxEntryBytes = 1000 });

        await small.Awaiting(s => s.FindAsync("client", "a").AsTask()).Should().ThrowAsync<IOException>().WithMessage("*more than 1000 bytes*");
    }

    [Test]
    public async Task What_a_killed_process_had_not_written_to_its_end_is_removed_and_what_is_of_somebody_else_left_alone()
    {
        using var store = Open();
        await store.TryWriteAsync(Entry("client", "a"), null);
        await File.WriteAllTextAsync(Path.ChangeExtension(PathOf("client", "a"), ".tmp"), "{\"kind\":");
        foreach (var name in new[] { "notes.txt", "notes.json", "notes.tmp" })
            await File.WriteAllTextAsync(Path.Combine(folder, name), "{}");

        time.Advance(TimeSpan.FromMinutes(5));

        Entries.Should().BeEquivalentTo("notes.txt", "notes.json", "notes.tmp", Path.GetFileName(PathOf("client", "a")));
    }

    [Test]
    public async Task Two_stores_of_one_folder_see_the_same_and_only_one_wins()
    {
        using var one = Open();
        using var other = Open();
        await one.TryWriteAsync(Entry("code", "a"), null);
        (await other.FindAsync("code", "a")).Should().NotBeNull();

        for (var version = 1; version < 20; version++)
        {
            var won = await Task.WhenAll(
                Task.Run(() => one.TryWriteAsync(Entry("code", "a"), version).AsTask()),
                Task.Run(() => other.TryWriteAsync(Entry("code", "a"), version).AsTask()));
            won.Count(success => success).Should().Be(1);
        }
    }

    [Test]
    public async Task What_was_written_before_counts_against_the_limits()
    {
        using (var store = Open())
        {
            await store.TryWriteAsync(Entry("client", "a"), null);
            await store.TryWriteAsync(Entry("client", "b"), null);
        }

        using var small = Open(new() { MaxEntriesOfAKind = 2 });

        await small.Awaiting(s => s.TryWriteAsync(Entry("client", "c"), null).AsTask()).Should().ThrowAsync<AuthorizationStoreFullException>();
        (await small.FindAsync("client", "a")).Should().NotBeNull();
    }

    [Test]
    public async Task A_write_that_fails_leaves_what_was_there_and_the_next_one_works()
    {
        using var store = Open();
        await store.TryWriteAsync(Entry("client", "a", "1"), null);
        var obstacle = Path.ChangeExtension(PathOf("client", "a"), ".tmp");
        Directory.CreateDirectory(obstacle);

        await store.Awaiting(s => s.TryWriteAsync(Entry("client", "a", "2"), 1).AsTask())
            .Should().ThrowAsync<IOException>().WithMessage($"*{PathOf("client", "a")}*");

        (await store.FindAsync("client", "a"))!.Value.GetInt32().Should().Be(1);
        Directory.Delete(obstacle);
        (await store.TryWriteAsync(Entry("client", "a", "2"), 1)).Should().BeTrue();
    }

    [Test]
    public async Task A_turn_that_somebody_keeps_for_too_long_can_be_given_up()
    {
        using var store = Open();
        await store.TryWriteAsync(Entry("client", "a"), null);
        var part = PathOf("client", "a")[^6];
        using var kept = new FileStream(Path.Combine(folder, $"lock-{part}"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        using var patience = new CancellationTokenSource();

        var waiting = store.FindAsync("client", "a", patience.Token);
        waiting.IsCompleted.Should().BeFalse();
        await patience.CancelAsync();

        await FluentActions.Awaiting(() => waiting.AsTask()).Should().ThrowAsync<OperationCanceledException>();
        await kept.DisposeAsync();
        (await store.FindAsync("client", "a")).Should().NotBeNull();
    }

    [Test]
    public async Task A_disposed_store_says_so()
    {
        var store = Open();
        await store.TryWriteAsync(Entry("client", "a"), null);
        store.Dispose();
        store.Dispose();

        await store.Awaiting(s => s.FindAsync("client", "a").AsTask()).Should().ThrowAsync<ObjectDisposedException>();
        await store.Awaiting(s => s.TryWriteAsync(Entry("client", "b"), null).AsTask()).Should().ThrowAsync<ObjectDisposedException>();
        await store.Awaiting(s => s.RemoveAsync("client", "a").AsTask()).Should().ThrowAsync<ObjectDisposedException>();
        Entries.Should().ContainSingle();
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_said_to_be_none()
    {
        File.WriteAllText(Path.Combine(root, "of a server"), "a file");

        FluentActions.Invoking(() => Open()).Should().Throw<IOException>();
        FluentActions.Invoking(() => new FileAuthorizationStore(" ")).Should().Throw<ArgumentException>();
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_are_their_owners_alone()
    {
        using var store = Open();
        await store.TryWriteAsync(Entry("client", "a"), null);

        const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new DirectoryInfo(folder).UnixFileMode.Should().Be(OwnersFile | UnixFileMode.UserExecute);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            file.UnixFileMode.Should().Be(OwnersFile, file.Name);
    }

    [Test]
    public async Task Processes_that_count_in_one_folder_lose_nothing()
    {
        const int Times = 40;
        var processes = Enumerable.Range(0, 3).Select(_ => ChildProcess.RunAsync(Programs.Command("EntryWriter", folder, "count", $"{Times}")));

        foreach (var ended in await Task.WhenAll(processes))
            ended.ExitCode.Should().Be(0, ended.Errors);

        using var store = Open();
        var counter = await store.FindAsync("counter", "shared");
        counter!.Value.GetInt32().Should().Be(3 * Times);
        counter.Version.Should().Be(3 * Times);
    }

    [Test]
    public async Task Nothing_that_a_killed_process_had_acknowledged_is_lost()
    {
        Dictionary<string, long> acknowledged = [];
        for (var life = 1; life <= 2; life++)
        {
            await using var child = ChildProcess.Start(Programs.Command("EntryWriter", folder, "write", "4"));
            (await child.ReadLineAsync()).Should().Be("open");
            for (var i = 0; i < 200; i++)
                Note(await child.ReadLineAsync());
            child.Kill();
            var rest = (await child.EndAsync()).Output.Split('\n', StringSplitOptions.TrimEntries);
            foreach (var line in rest.Where(line => line.EndsWith('.')))
                Note(line);
        }

        using var store = Open();

        log.Lines.Should().BeEmpty("every file is there as a whole");
        acknowledged.Should().HaveCountGreaterThan(4);
        foreach (var (key, version) in acknowledged)
            (await store.FindAsync("token", key))!.Version.Should().BeInRange(version, version + 1);

        void Note(string line)
        {
            var words = line.Split(' ');
            acknowledged[words[0]] = Math.Max(long.Parse(words[1], CultureInfo.InvariantCulture), acknowledged.GetValueOrDefault(words[0]));
        }
    }

    private static StoredEntry Entry(string kind, string key, string json = "{}") =>
        new() { Version = 1, Kind = kind, Key = key, Value = JsonDocument.Parse(json).RootElement };

    private string PathOf(string kind, string key) => Path.Combine(folder, EntryFolder.NameOf(kind, key));

    private FileAuthorizationStore Open(AuthorizationStoreLimits? limits = null) =>
        new(folder, limits, time, new LogOf<FileAuthorizationStore>(log));
}

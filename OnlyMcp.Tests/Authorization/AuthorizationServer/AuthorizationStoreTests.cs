using System.Text.Json;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>What every store of an authorization server does.</summary>
[TestFixture("memory")]
[TestFixture("files")]
public sealed class AuthorizationStoreTests(string way)
{
    private readonly List<FileAuthorizationStore> opened = [];
    private ManualTime time = null!;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        time = new ManualTime();
        folder = Directory.CreateTempSubdirectory("onlymcp-entries-").FullName;
    }

    [TearDown]
    public void TearDown()
    {
        opened.ForEach(store => store.Dispose());
        opened.Clear();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task What_was_written_is_found_by_its_kind_and_key()
    {
        var store = Open();

        (await store.TryWriteAsync(Entry("client", "a", """{"name":"ä \u0000"}"""), null)).Should().BeTrue();

        var found = await store.FindAsync("client", "a");
        found!.Version.Should().Be(1);
        found.Value.GetProperty("name").GetString().Should().Be("ä \0");
        found.ExpiresAt.Should().BeNull();
        (await store.FindAsync("client", "A")).Should().BeNull();
        (await store.FindAsync("code", "a")).Should().BeNull();
    }

    [TestCase("a/../../b")]
    [TestCase("https://client.example/metadata?x=1#y")]
    [TestCase("lock-0")]
    [TestCase(" ")]
    [TestCase("\0")]
    [TestCase("ключ 🔑")]
    public async Task A_key_may_be_any_text(string key)
    {
        var store = Open();

        (await store.TryWriteAsync(Entry("client", key), null)).Should().BeTrue();

        (await store.FindAsync("client", key))!.Key.Should().Be(key);
        (await store.FindAsync("client", key + "x")).Should().BeNull();
    }

    [Test]
    public async Task Only_who_knows_the_version_changes_an_entry()
    {
        var store = Open();

        (await store.TryWriteAsync(Entry("code", "a"), 1)).Should().BeFalse("there is none");
        (await store.TryWriteAsync(Entry("code", "a", "1"), null)).Should().BeTrue();
        (await store.TryWriteAsync(Entry("code", "a", "2"), null)).Should().BeFalse("there is one");
        (await store.TryWriteAsync(Entry("code", "a", "3"), 2)).Should().BeFalse("it is at 1");
        (await store.TryWriteAsync(Entry("code", "a", "4") with { Version = 77 }, 1)).Should().BeTrue();
        (await store.TryWriteAsync(Entry("code", "a", "5"), 1)).Should().BeFalse("it is at 2");

        var found = await store.FindAsync("code", "a");
        found!.Version.Should().Be(2);
        found.Value.GetInt32().Should().Be(4);
    }

    [Test]
    public async Task Of_those_who_write_at_once_one_wins()
    {
        var store = Open();
        await store.TryWriteAsync(Entry("code", "a", "0"), null);

        foreach (var version in new long?[] { 1, 2, null })
        {
            var key = version is null ? "b" : "a";
            var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
                Task.Run(async () => await store.TryWriteAsync(Entry("code", key, $"{i}"), version))));
            won.Count(one => one).Should().Be(1);
            (await store.FindAsync("code", key))!.Value.GetInt32().Should().Be(Array.IndexOf(won, true));
        }
    }

    [Test]
    public async Task What_was_removed_is_gone_and_begins_anew()
    {
        var store = Open();
        await store.TryWriteAsync(Entry("code", "a"), null);
        await store.TryWriteAsync(Entry("code", "a"), 1);

        await store.RemoveAsync("code", "a");
        await store.RemoveAsync("code", "never there");

        (await store.FindAsync("code", "a")).Should().BeNull();
        (await store.TryWriteAsync(Entry("code", "a"), 2)).Should().BeFalse();
        (await store.TryWriteAsync(Entry("code", "a"), null)).Should().BeTrue();
        (await store.FindAsync("code", "a"))!.Version.Should().Be(1);
    }

    [Test]
    public async Task An_entry_is_over_at_its_time_and_not_before()
    {
        var store = Open();
        var expires = time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await store.TryWriteAsync(Entry("code", "a") with { ExpiresAt = expires }, null);
        time.Advance(TimeSpan.FromSeconds(59));
        (await store.FindAsync("code", "a"))!.ExpiresAt.Should().Be(expires);

        time.Advance(TimeSpan.FromSeconds(1));

        (await store.FindAsync("code", "a")).Should().BeNull();
        (await store.TryWriteAsync(Entry("code", "a"), 1)).Should().BeFalse("it is not there any more");
        (await store.TryWriteAsync(Entry("code", "a"), null)).Should().BeTrue();
    }

    [Test]
    public async Task A_full_kind_takes_no_more_and_leaves_room_to_others()
    {
        var store = Open(new() { MaxEntriesOfAKind = 2 });
        await store.TryWriteAsync(Entry("client", "a") with { ExpiresAt = time.GetUtcNow() + TimeSpan.FromHours(1) }, null);
        await store.TryWriteAsync(Entry("client", "b"), null);

        await store.Awaiting(s => s.TryWriteAsync(Entry("client", "c"), null).AsTask())
            .Should().ThrowAsync<AuthorizationStoreFullException>().WithMessage("*'client'*2 entries*");
        (await store.FindAsync("client", "c")).Should().BeNull();
        (await store.TryWriteAsync(Entry("client", "b"), 1)).Should().BeTrue("it is no new one");
        (await store.TryWriteAsync(Entry("code", "c"), null)).Should().BeTrue("it is of another kind");

        time.Advance(TimeSpan.FromHours(1));
        (await store.TryWriteAsync(Entry("client", "c"), null)).Should().BeTrue("the time of one is over");
        await store.RemoveAsync("client", "b");
        (await store.TryWriteAsync(Entry("client", "d"), null)).Should().BeTrue("one was removed");
    }

    [Test]
    public async Task A_kind_takes_no_more_bytes_than_it_may()
    {
        var store = Open(new() { MaxBytesOfAKind = 10_000 });
        StoredEntry Large(string key) => Entry("client", key, $"\"{new string('x', 7000)}\"");

        (await store.TryWriteAsync(Large("a"), null)).Should().BeTrue();
        await store.Awaiting(s => s.TryWriteAsync(Large("b"), null).AsTask()).Should().ThrowAsync<AuthorizationStoreFullException>();
        (await store.TryWriteAsync(Entry("client", "b"), null)).Should().BeTrue("it is small");
        await store.Awaiting(s => s.TryWriteAsync(Large("b"), 1).AsTask()).Should().ThrowAsync<AuthorizationStoreFullException>();
        (await store.FindAsync("client", "b"))!.Version.Should().Be(1, "what was there stays");

        (await store.TryWriteAsync(Entry("client", "a"), 1)).Should().BeTrue("it becomes smaller");
        (await store.TryWriteAsync(Large("b"), 1)).Should().BeTrue("there is room again");
    }

    [TestCase("", "a", 2, "*kind*")]
    [TestCase("Client", "a", 2, "*kind*")]
    [TestCase("../a", "a", 2, "*kind*")]
    [TestCase("a.b", "a", 2, "*kind*")]
    [TestCase("a234567890123456789012345678901234", "a", 2, "*kind*")]
    [TestCase("client", "", 2, "*key*")]
    [TestCase("client", "2001", 2, "*key*")]
    [TestCase("client", "a", 2000, "*2??? bytes; at most 1000*")]
    public async Task What_no_store_takes_is_refused_with_words(string kind, string key, int size, string words)
    {
        var store = Open(new() { MaxEntryBytes = 1000 });
        if (int.TryParse(key, out var length))
            key = new string('k', length);

        await store.Awaiting(s => s.TryWriteAsync(Entry(kind, key, $"\"{new string('x', size)}\""), null).AsTask())
            .Should().ThrowAsync<ArgumentException>().WithMessage(words);

        (await store.FindAsync(kind, key)).Should().BeNull();
        await store.RemoveAsync(kind, key);
    }

    [Test]
    public async Task An_entry_outlives_the_document_that_its_value_came_from()
    {
        var store = Open();
        using (var document = JsonDocument.Parse("""{"a":[1,2,3]}"""))
            await store.TryWriteAsync(new() { Version = 1, Kind = "client", Key = "a", Value = document.RootElement }, null);

        (await store.FindAsync("client", "a"))!.Value.GetProperty("a").GetArrayLength().Should().Be(3);
    }

    private static StoredEntry Entry(string kind, string key, string json = "{}") =>
        new() { Version = 1, Kind = kind, Key = key, Value = JsonDocument.Parse(json).RootElement };

    private IAuthorizationStore Open(AuthorizationStoreLimits? limits = null)
    {
        IAuthorizationStore store = way == "memory"
            ? new InMemoryAuthorizationStore(limits, time)
            : new FileAuthorizationStore(folder, limits, time);
        if (store is FileAuthorizationStore files)
            opened.Add(files);
        return store;
    }
}

using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

[Spec("2025-11-25 basic/transports §Resumability and Redelivery")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InMemoryEventStoreTests
{
    private readonly ManualTime time = new();

    [Test]
    public async Task A_stream_is_read_page_by_page_behind_a_position()
    {
        var store = Store(new());
        for (var position = 1; position <= 5; position++)
            await KeepAsync(store, "a", "1", position * 2);
        await KeepAsync(store, "a", "2", 3);

        (await ReadAsync(store, "a", "1", after: 4)).Should().Equal(6, 8);
        (await ReadAsync(store, "a", "1", after: 8)).Should().Equal(10);
        (await ReadAsync(store, "a", "1", after: 10)).Should().BeEmpty();
        (await ReadAsync(store, "a", "3", after: 0)).Should().BeNull();
        (await ReadAsync(store, "b", "1", after: 0)).Should().BeNull("that is another session's");
    }

    [Test]
    public async Task Of_too_many_messages_of_a_session_its_oldest_is_forgotten()
    {
        var store = Store(new() { MaxEventsPerSession = 3 });
        await KeepAsync(store, "b", "1", 1);
        for (var position = 1; position <= 4; position++)
            await KeepAsync(store, "a", $"{position % 2}", position);

        (await ReadAsync(store, "a", "1", 0)).Should().Equal(3);
        (await ReadAsync(store, "a", "0", 0)).Should().Equal(2, 4);
        (await ReadAsync(store, "b", "1", 0)).Should().Equal(1);
    }

    [Test]
    public async Task Of_too_many_bytes_of_a_session_the_oldest_are_forgotten()
    {
        var store = Store(new() { MaxBytesPerSession = 100 });
        await KeepAsync(store, "a", "1", 1, size: 50);
        await KeepAsync(store, "a", "1", 2, size: 50);
        await KeepAsync(store, "a", "1", 3, size: 60);

        (await ReadAsync(store, "a", "1", 0)).Should().Equal(3);
        (await KeepAsync(store, "a", "1", 4, size: 101)).Should().BeFalse("there is no room for it");
        (await ReadAsync(store, "a", "1", 0)).Should().Equal(new long[] { 3 }, "what cannot be kept pushes nothing out");
    }

    [Test]
    public async Task Of_too_many_messages_or_bytes_in_all_the_oldest_of_all_are_forgotten()
    {
        var store = Store(new() { MaxEvents = 3, MaxBytes = 100 });
        foreach (var session in new[] { "a", "b", "c", "d" })
            await KeepAsync(store, session, "1", 1);
        store.Count.Should().Be(3);
        (await ReadAsync(store, "a", "1", 0)).Should().BeNull();
        await KeepAsync(store, "e", "1", 1, size: 100);

        store.Count.Should().Be(1);
        store.Bytes.Should().Be(100);
    }

    [Test]
    public async Task A_flood_of_many_sessions_stays_within_the_bounds()
    {
        var limits = new EventStoreLimits { MaxEvents = 500, MaxEventsPerSession = 20, MaxBytes = 100_000, MaxBytesPerSession = 10_000 };
        var store = Store(limits);
        await Parallel.ForAsync(0, 20_000, async (i, _) => await KeepAsync(store, $"{i % 100}", $"{i % 7}", i, size: i % 2000));

        store.Count.Should().BeInRange(1, 500);
        store.Bytes.Should().BeInRange(1, 100_000);
        for (var session = 0; session < 100; session++)
            await store.ForgetAsync($"{session}");
        (store.Count, store.Bytes).Should().Be((0, 0));
    }

    [Test]
    public async Task What_is_too_old_is_forgotten_and_an_empty_store_has_no_timer()
    {
        var store = Store(new() { Lifetime = TimeSpan.FromMinutes(1) });
        await KeepAsync(store, "a", "1", 1);
        time.Advance(TimeSpan.FromSeconds(59));
        await KeepAsync(store, "a", "1", 2);
        time.Advance(TimeSpan.FromSeconds(1));
        (await ReadAsync(store, "a", "1", 0)).Should().Equal(2);
        time.Running.Should().Be(1);
        time.Advance(TimeSpan.FromSeconds(59));

        (store.Count, store.Bytes).Should().Be((0, 0));
        time.Running.Should().Be(0);
    }

    [Test]
    public async Task A_session_is_forgotten_whole_and_the_others_are_not()
    {
        var store = Store(new());
        foreach (var (session, stream) in new[] { ("a", "1"), ("b", "1"), ("a", "2") })
            await KeepAsync(store, session, stream, 1, size: 7);
        await store.ForgetAsync("a");
        await store.ForgetAsync("a");

        (store.Count, store.Bytes).Should().Be((1, 7));
        (await ReadAsync(store, "b", "1", 0)).Should().Equal(1);
    }

    [Test]
    public async Task A_limit_of_zero_keeps_nothing()
    {
        var store = Store(new() { MaxEventsPerSession = 0 });

        (await KeepAsync(store, "a", "1", 1)).Should().BeFalse();
        store.Count.Should().Be(0);
    }

    private InMemoryEventStore Store(EventStoreLimits limits) => new(limits, time);

    private static ValueTask<bool> KeepAsync(InMemoryEventStore store, string session, string stream, long position, int size = 1) =>
        store.AppendAsync(new(session, stream), new StoredEvent(position, new byte[size]));

    private static async Task<long[]?> ReadAsync(InMemoryEventStore store, string session, string stream, long after) =>
        (await store.ReadAsync(new(session, stream), after, 2))?.Select(kept => kept.Position).ToArray();
}

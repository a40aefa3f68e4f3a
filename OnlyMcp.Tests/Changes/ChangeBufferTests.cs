using OnlyMcp.Client.Subscriptions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Changes;

[Spec("2026-07-28 basic/patterns/subscriptions §Receiving Notifications")]
public sealed class ChangeBufferTests
{
    [Test]
    public async Task What_waits_already_is_not_added_again_and_the_order_is_kept()
    {
        var buffer = new ChangeBuffer(10);
        for (var i = 0; i < 100_000; i++)
        {
            buffer.Add(new ToolsListChanged());
            buffer.Add(new ResourceUpdated("test://a"));
        }

        (await ReadAsync(buffer)).Should().Equal(new ToolsListChanged(), new ResourceUpdated("test://a"));
    }

    [Test]
    public async Task More_than_there_is_room_for_becomes_the_news_that_something_was_missed()
    {
        var buffer = new ChangeBuffer(2);
        for (var i = 0; i < 100_000; i++)
            buffer.Add(new ResourceUpdated($"test://{i}"));

        (await ReadAsync(buffer)).Should().Equal(new ResourceUpdated("test://0"), new ResourceUpdated("test://1"), new ChangesMissed());
    }

    [Test]
    public async Task What_was_read_may_come_again()
    {
        var buffer = new ChangeBuffer(10);
        buffer.Add(new ToolsListChanged());
        await using var reader = buffer.ReadAsync(default).GetAsyncEnumerator();
        await reader.MoveNextAsync();
        buffer.Add(new ToolsListChanged());
        buffer.Complete();

        (await reader.MoveNextAsync()).Should().BeTrue();
        (await reader.MoveNextAsync()).Should().BeFalse();
    }

    private static async Task<List<ServerChange>> ReadAsync(ChangeBuffer buffer)
    {
        buffer.Complete();
        return await buffer.ReadAsync(default).ToListAsync();
    }
}

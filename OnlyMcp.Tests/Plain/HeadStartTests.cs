using OnlyMcp.Server.Plain;

namespace OnlyMcp.Tests.Plain;

public sealed class HeadStartTests
{
    // What it threw on a thread of the pool would end the process of a user.
    [Test]
    public void What_is_rehearsed_can_be_read_and_written()
    {
        FluentActions.Invoking(HeadStart.Rehearse).Should().NotThrow();
    }
}

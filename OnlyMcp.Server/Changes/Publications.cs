using Microsoft.Extensions.Logging;

namespace OnlyMcp.Server.Changes;

/// <summary>Publishes what changes in a server's own lists: one change after another, and several that wait as one.</summary>
internal sealed class Publications(IChangeBus bus, ILogger logger) : ChangeFeed(logger)
{
    protected override bool CanTell => true;

    // Before the change is done for whoever made it: else a session that opens afterwards would hear of what it has seen already.
    protected override bool IsBeside => false;

    protected override bool Wants(Change change) => true;

    // A bus that is out of reach is logged and no more: whoever changed the list has done so, and that is no fault of theirs.
    protected override ValueTask TellAsync(Change change) => bus.PublishAsync(change);
}

using Microsoft.Extensions.Logging;

namespace OnlyMcp.Server.Changes;

/// <summary>Publishes what changes in a server's own lists: one change after another, beside whoever made it.</summary>
internal sealed class Publications(IChangeBus bus, ILogger logger) : ChangeFeed(logger)
{
    protected override bool CanTell => true;

    protected override bool Wants(Change change) => true;

    // A bus that is out of reach is logged and no more: whoever changed the list has done so, and that is no fault of theirs.
    protected override ValueTask TellAsync(Change change) => bus.PublishAsync(change);
}

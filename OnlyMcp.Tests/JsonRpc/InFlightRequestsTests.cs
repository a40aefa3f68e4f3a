using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Tests.JsonRpc;

/// <summary>The requests of the other side that are being answered.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class InFlightRequestsTests
{
    private static readonly JsonRpcRequest First = new(1, "elicitation/create");

    [Test]
    public void An_id_that_is_in_flight_is_refused()
    {
        var requests = new InFlightRequests();
        using var entry = requests.Add(First, CancellationToken.None);

        requests.Invoking(table => table.Add(First, CancellationToken.None)).Should().Throw<JsonRpcException>()
            .Which.Code.Should().Be(ErrorCode.InvalidRequest);
    }

    [Test]
    public void The_other_side_that_begins_anew_may_use_its_ids_again_at_once()
    {
        var requests = new InFlightRequests();
        var before = requests.Add(First, CancellationToken.None);

        requests.StartOver();

        before.IsCancelled.Should().BeTrue("nobody waits for its answer");
        using var after = requests.Add(First, CancellationToken.None);
        after.IsCancelled.Should().BeFalse();
        requests.Count.Should().Be(2, "the first is still at work");
        before.Dispose();
        before.Dispose();
        requests.Count.Should().Be(1);
        requests.Find(1).Should().BeSameAs(after);
    }
}

using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;
using static OnlyMcp.Tests.Tools.Signatures;

namespace OnlyMcp.Tests.Tools;

public sealed class OutputSchemaTests
{
    public record Forecast(string City, double? High, DateTime At);

    public record Tree(List<Tree> Children);

    [Test]
    public void A_tool_that_returns_nothing_has_none()
    {
        OutputSchemaTextOf(() => { }).Should().BeNull();
        OutputSchemaTextOf(() => Task.CompletedTask).Should().BeNull();
        OutputSchema.Of(typeof(ValueTask), BindingOptions.ForResults(null)).Should().BeNull();
    }

    [Test]
    public void What_is_always_written_is_required_and_the_object_stays_open() =>
        OutputSchemaTextOf(() => new Forecast("x", 1, default)).Should().Be(Joined("""
            {"type":"object","properties":{"city":{"type":"string"},"high":{"type":["number","null"]},"at":{"type":"string"}},
            "required":["city","high","at"]}
            """));

    [Test]
    public void A_task_is_looked_through_with_its_nullable_annotation()
    {
        OutputSchemaTextOf(() => Task.FromResult("x")).Should().Be("""{"type":"string"}""");
        OutputSchemaTextOf(Task<string?> () => Task.FromResult<string?>("x")).Should().Be("""{"type":["string","null"]}""");
        OutputSchemaTextOf(ValueTask<int[]> () => new([])).Should().Be("""{"type":"array","items":{"type":"integer"}}""");
    }

    [Test]
    public void A_root_that_contains_itself_is_written_out() =>
        OutputSchemaTextOf(() => new Tree([])).Should().Be(Joined("""
            {"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/$defs/Tree"}}},"required":["children"],
            "$defs":{"Tree":{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/$defs/Tree"}}},"required":["children"]}}}
            """));
}

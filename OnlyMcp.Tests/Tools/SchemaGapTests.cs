using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Server.Tools;
using static OnlyMcp.Tests.Tools.Signatures;

namespace OnlyMcp.Tests.Tools;

/// <summary>The few arguments that a schema lets pass and the binder refuses. Each is a gap that is known, and named here.</summary>
public sealed class SchemaGapTests
{
    private static IEnumerable<TestCaseData> Gaps()
    {
        yield return Gap("a pattern knows no calendar", (DateOnly v) => 0, "\"2026-02-30\"");
        yield return Gap("nor where it begins", (DateTimeOffset v) => 0, "\"0001-01-01T00:00:00+13:00\"");
        yield return Gap("nor what System.Uri refuses", (Uri v) => 0, "\"http://a:99999/\"");
        yield return Gap("a name cannot be bounded by value", (Dictionary<byte, int> v) => 0, """{"256":1}""");
        yield return Gap("a name that stands twice is not in the data model", (Dictionary<string, int> v) => 0, """{"a":1,"a":2}""");
        yield return Gap("half a surrogate pair is a character there", (string v) => 0, "\"\\ud800\"");
    }

    [TestCaseSource(nameof(Gaps))]
    public void What_a_schema_cannot_say_is_refused_by_the_binder_with_its_place(Delegate tool, string value)
    {
        string arguments = $$"""{"v":{{value}}}""";
        var binding = () => Bind(tool, arguments);

        JsonSchema.Parse(InputSchemaOf(tool)).IsValid(Json(arguments)).Should().BeTrue();
        binding.Should().Throw<InvalidToolInputException>();
    }

    private static TestCaseData Gap(string reason, Delegate tool, string value) => new TestCaseData(tool, value).SetArgDisplayNames(reason);
}

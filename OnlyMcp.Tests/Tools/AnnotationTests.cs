using System.ComponentModel.DataAnnotations;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.SchemaGeneration;
using static OnlyMcp.Tests.Tools.Signatures;
using Range = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace OnlyMcp.Tests.Tools;

public sealed class AnnotationTests
{
    public record Guest([Range(0, 120)] int Age, [property: StringLength(5)] string Name)
    {
        [Required] public string? Town { get; set; }
    }

    private static IEnumerable<TestCaseData> Annotations()
    {
        yield return Case(([Range(1, 5)] int v) => 0, """{"type":"integer","minimum":1,"maximum":5}""");
        yield return Case(([Range(0.5, 1, MinimumIsExclusive = true)] double v) => 0, """{"type":"number","maximum":1,"exclusiveMinimum":0.5}""");
        yield return Case(([Range(1, 5)] int? v) => 0, """{"type":["integer","null"],"minimum":1,"maximum":5}""");
        yield return Case(([StringLength(5, MinimumLength = 2)] string v) => 0, """{"type":"string","minLength":2,"maxLength":5}""");
        yield return Case(([Length(2, 5)] string v) => 0, """{"type":"string","minLength":2,"maxLength":5}""");
        yield return Case(([MinLength(1), MaxLength(3)] string[] v) => 0, """{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3}""");
        yield return Case(([MaxLength(3)] Dictionary<string, bool> v) => 0, """{"type":"object","additionalProperties":{"type":"boolean"},"maxProperties":3}""");
        yield return Case(([RegularExpression("a|b")] string v) => 0, """{"type":"string","pattern":"^(?:a|b)$"}""");
        yield return Case(([RegularExpression("^a+$")] string v) => 0, """{"type":"string","pattern":"^a+$"}""");
        yield return Case(([EmailAddress] string v) => 0, """{"type":"string","format":"email","pattern":"^[^@\\r\\n]+@[^@\\r\\n]+$"}""");
        yield return Case(([Url] string v) => 0, """{"type":"string","format":"uri","pattern":"^(http|https|ftp)://"}""");
        yield return Case(([Phone] string v) => 0, """{"type":"string"}""");
        yield return Case(([AllowedValues("a", "b")] string v) => 0, """{"type":"string","enum":["a","b"]}""");
        yield return Case(([DeniedValues(0)] byte v) => 0, """{"type":"integer","minimum":0,"maximum":255,"not":{"enum":[0]}}""");
        yield return Case(([Required] string? v) => 0, """{"type":"string","minLength":1}""");
        yield return Case(([Display(Description = "The town.")] string v) => 0, """{"type":"string","description":"The town."}""");
    }

    [TestCaseSource(nameof(Annotations))]
    public void An_annotation_narrows_the_shape(Delegate tool, string shape) => ParameterShapeOf(tool).Should().Be(shape);

    [Test]
    public void An_annotation_never_widens_the_shape() =>
        ParameterShapeOf(([Range(long.MinValue, long.MaxValue)] long v) => 0)
            .Should().Be("""{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807}""");

    [Test]
    public void Annotations_on_a_records_parameters_and_properties_count_alike() =>
        ShapeOf<Guest>().Should().Be(Joined("""
            {"type":"object","properties":{"age":{"type":"integer","minimum":0,"maximum":120},"name":{"type":"string","maxLength":5},
            "town":{"type":"string","minLength":1}},"required":["age","name","town"],"additionalProperties":false}
            """));

    [Test]
    public void XML_documentation_beside_the_assembly_describes_parameters_properties_types_and_methods()
    {
        var constructor = typeof(InvalidToolInputException).GetConstructors().Single();

        Documentation.Of(constructor.GetParameters()[1]).Should().Be("What may stand there, as the end of \"expected ...\": an integer from 0 to 255.");
        Documentation.Of(typeof(InvalidToolInputException).GetProperty("Expected")!).Should().Be("What may stand there.");
        Documentation.Of(typeof(JsonSchemaError)).Should().StartWith("One reason why a value does not fit its schema");
        ShapeOf<JsonSchemaError>().Should().Contain("\"description\":\"Where in the value the problem stands");
    }

    [Test]
    public void Without_annotation_and_documentation_there_is_no_description() =>
        Documentation.Of(typeof(AnnotationTests)).Should().BeNull();

    private static TestCaseData Case(Delegate tool, string shape) => new TestCaseData(tool, shape).SetArgDisplayNames(shape);
}

using System.Diagnostics;
using static OnlyMcp.Tests.JsonSchemas.SchemaText;

namespace OnlyMcp.Tests.JsonSchemas;

public class NumberTests
{
    [TestCase("""{"type": "integer"}""", "1.0", true)]
    [TestCase("""{"type": "integer"}""", "1e400", true)]
    [TestCase("""{"type": "integer"}""", "1e-400", false)]
    [TestCase("""{"type": "integer"}""", "10e-1", true)]
    [TestCase("""{"type": "integer"}""", "0e-99999999999999999999", true)]
    [TestCase("""{"maximum": 18446744073709551616}""", "18446744073709551616", true)]
    [TestCase("""{"maximum": 18446744073709551616}""", "18446744073709551617", false)]
    [TestCase("""{"exclusiveMaximum": 972783798187987123879878123.188781371}""", "972783798187987123879878123.188781370", true)]
    [TestCase("""{"exclusiveMaximum": 972783798187987123879878123.188781371}""", "972783798187987123879878123.188781371", false)]
    [TestCase("""{"minimum": 0.1}""", "0.10", true)]
    [TestCase("""{"minimum": 0.3}""", "0.29999999999999999999999999999", false)]
    [TestCase("""{"maximum": 1e400}""", "1e401", false)]
    [TestCase("""{"minimum": -1e400}""", "-1e99999999999999999999999", false)]
    [TestCase("""{"minimum": 0}""", "-0", true)]
    [TestCase("""{"multipleOf": 0.01}""", "19.99", true)]
    [TestCase("""{"multipleOf": 0.01}""", "19.999", false)]
    [TestCase("""{"multipleOf": 3}""", "3e999999999", true)]
    [TestCase("""{"multipleOf": 7}""", "1e999999999", false)]
    [TestCase("""{"multipleOf": 1e-8}""", "12391239123", true)]
    [TestCase("""{"multipleOf": 123456789012345678901234567890}""", "246913578024691357802469135780", true)]
    [TestCase("""{"minLength": 2e400}""", "\"a\"", false)]
    [TestCase("""{"maxLength": 2.0}""", "\"ab\"", true)]
    [TestCase("""{"maxLength": 2e0}""", "\"🐲🐲\"", true)]
    [TestCase("""{"maxLength": 0}""", "\"\"", true)]
    [TestCase("""{"maxLength": 120}""", "\"a\"", true)]
    public void Numbers_are_compared_exactly(string schema, string instance, bool valid)
        => Accepts(schema, instance).Should().Be(valid);

    [Test]
    public void A_number_of_a_million_digits_is_compared_in_a_moment()
    {
        var clock = Stopwatch.StartNew();

        Accepts("""{"type": "integer", "minimum": 5, "multipleOf": 7}""", "1" + new string('0', 1_000_000)).Should().BeFalse();
        Accepts("""{"multipleOf": 7}""", new string('7', 1_000_000)).Should().BeTrue();

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }
}

using OnlyMcp.Server.Tools;
using static OnlyMcp.Tests.Tools.Signatures;

namespace OnlyMcp.Tests.Tools;

public sealed class ArgumentBindingTests
{
    public enum Unit { Celsius, Fahrenheit }

    [Flags]
    public enum Days { None = 0, Monday = 1, Tuesday = 2 }

    public readonly record struct Size(int Width, int Height = 7, string? Unit = null);

    public record Point(int X, int Y = 7, string? Label = null);

    [Test]
    public void Arguments_arrive_in_the_order_of_the_parameters() =>
        Bind((string a, int b) => 0, """{"b":2,"a":"x"}""").Should().Equal("x", 2);

    [Test]
    public void What_is_left_out_has_its_default() =>
        Bind((int a = 3, Unit u = Unit.Fahrenheit, Unit? n = Unit.Celsius, string? s = null, DateTime d = default, params string[] p) => 0, "{}")
            .Should().BeEquivalentTo(new object?[] { 3, Unit.Fahrenheit, Unit.Celsius, null, default(DateTime), Array.Empty<string>() });

    [Test]
    public void A_default_value_for_the_arguments_is_a_call_without_arguments() =>
        BinderOf((int a = 3) => 0).Bind(default).Should().Equal(3);

    [TestCase("1.0", 1)]
    [TestCase("1e2", 100)]
    [TestCase("12300e-2", 123)]
    [TestCase("-0.0", 0)]
    [TestCase("0e999999999999999999999", 0)]
    [TestCase("2147483647.000", int.MaxValue)]
    public void An_integer_may_be_spelled_in_any_way_that_JSON_has(string json, int value) =>
        Bind((int a) => 0, $$"""{"a":{{json}}}""").Should().Equal(value);

    [TestCase("1.5")]
    [TestCase("2147483648")]
    [TestCase("1e400")]
    [TestCase("1e-999999999999999999999")]
    [TestCase("\"1\"")]
    [TestCase("null")]
    public void What_is_no_integer_of_the_type_is_refused(string json)
    {
        var binding = () => Bind((int a) => 0, $$"""{"a":{{json}}}""");

        binding.Should().Throw<InvalidToolInputException>()
            .WithMessage($"Invalid argument at /a: expected an integer from -2147483648 to 2147483647, received {json}.");
    }

    [Test]
    public void Flags_are_put_together_from_an_array() =>
        Bind((Days days) => 0, """{"days":["Monday","Tuesday"]}""").Should().Equal(Days.Monday | Days.Tuesday);

    [TestCase("celsius")]
    [TestCase("0")]
    [TestCase("Celsius,Fahrenheit")]
    public void A_name_that_an_enum_does_not_have_is_refused(string name)
    {
        var binding = () => Bind((Unit unit) => 0, $$"""{"unit":"{{name}}"}""");

        binding.Should().Throw<InvalidToolInputException>()
            .WithMessage($"Invalid argument at /unit: expected one of Celsius, Fahrenheit, received \"{name}\".");
    }

    [Test]
    public void A_time_with_an_offset_is_bound_in_UTC() =>
        Bind((DateTime at) => 0, """{"at":"2026-07-28T09:30:00+02:00"}""").Should().Equal(new DateTime(2026, 7, 28, 7, 30, 0, DateTimeKind.Utc));

    [Test]
    public void A_day_that_the_calendar_does_not_have_names_path_expected_and_received()
    {
        var binding = () => Bind((Dictionary<string, DateOnly[]> visits) => 0, """{"visits":{"a/b":["2026-02-30"]}}""");

        binding.Should().Throw<InvalidToolInputException>()
            .WithMessage("Invalid argument at /visits/a~1b/0: expected a date, such as 2026-05-31, received \"2026-02-30\".");
    }

    [TestCase("""{"p":{"x":1,"X":2}}""")]
    [TestCase("""{"p":{"x":1,"x":2}}""")]
    [TestCase("""{"p":{"x":1},"q":1}""")]
    [TestCase("""{"p":{}}""")]
    [TestCase("""{"p":null}""")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("null")]
    public void Unknown_doubled_missing_and_null_members_are_refused(string arguments)
    {
        var binding = () => Bind((Point p) => 0, arguments);

        binding.Should().Throw<InvalidToolInputException>();
    }

    [Test]
    public void Null_is_refused_among_elements_that_are_not_nullable()
    {
        var list = () => Bind((List<string> a) => 0, """{"a":["x",null]}""");
        var nested = () => Bind((Dictionary<string, string[]> a) => 0, """{"a":{"b":[null]}}""");
        var nullable = () => Bind((List<string?> a) => 0, """{"a":["x",null]}""");

        list.Should().Throw<InvalidToolInputException>().WithMessage("*/a: expected no null among the elements*");
        nested.Should().Throw<InvalidToolInputException>();
        nullable.Should().NotThrow();
    }

    [Test]
    public void A_record_struct_is_bound_as_its_constructor_says()
    {
        Bind((Size size) => 0, """{"size":{"width":1}}""").Should().Equal(new Size(1, 7));
        var withoutWidth = () => Bind((Size size) => 0, """{"size":{}}""");

        withoutWidth.Should().Throw<InvalidToolInputException>();
    }
}

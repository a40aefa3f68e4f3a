using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Inputs;
using OnlyMcp.Server.Inputs.Forms;
using OnlyMcp.Tests.Support;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace OnlyMcp.Tests.Inputs;

/// <summary>Forms from types, and the rules that questions keep to.</summary>
[Spec("2026-07-28 client/elicitation §Requested Schema")]
public sealed class FormTests
{
    public enum Color
    {
        Red,
        Green,
    }

    public enum Size
    {
        [Display(Name = "Small one")] S,
        [Description("Large one")] L,
    }

    [Test]
    public void Every_kind_of_member_has_its_field()
    {
        var schema = JsonSerializer.SerializeToNode(TypedForm<Everything>.Of(null).Schema, McpJson.Wire.ElicitSchema)!;

        schema["required"]!.AsArray().Select(name => (string?)name).Should()
            .Equal("text", "mail", "page", "day", "moment", "whole", "fraction", "yes", "color", "size", "colors", "sizes");
        Field("text").Should().Be("""{"title":"The text","description":"Some text","type":"string","minLength":2,"maxLength":9}""");
        Field("mail").Should().Be("""{"type":"string","format":"email"}""");
        Field("page").Should().Be("""{"type":"string","format":"uri"}""");
        Field("day").Should().Be("""{"type":"string","format":"date"}""");
        Field("moment").Should().Be("""{"type":"string","format":"date-time"}""");
        Field("whole").Should().Be("""{"type":"integer","minimum":1,"maximum":9}""");
        Field("fraction").Should().Be("""{"type":"number","minimum":0.5,"maximum":1}""");
        Field("yes").Should().Be("""{"type":"boolean"}""");
        Field("color").Should().Be("""{"type":"string","enum":["Red","Green"]}""");
        Field("size").Should().Be("""{"type":"string","oneOf":[{"const":"S","title":"Small one"},{"const":"L","title":"Large one"}]}""");
        Field("colors").Should().Be("""{"type":"array","minItems":1,"items":{"type":"string","enum":["Red","Green"]}}""");
        Field("sizes").Should().Be("""{"type":"array","items":{"anyOf":[{"const":"S","title":"Small one"},{"const":"L","title":"Large one"}]}}""");
        Field("note").Should().Be("""{"type":"string"}""");
        Field("perhaps").Should().Be("""{"type":"string","enum":["Red","Green"]}""");
        Field("count").Should().Be("""{"type":"integer","default":3}""");

        string Field(string name) => schema["properties"]![name]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    [Test]
    public void Initialisers_are_defaults_and_what_has_none_is_required()
    {
        var form = TypedForm<Settings>.Of(null);

        form.Schema.Required.Should().Equal("name", "age");
        ((StringSchema)form.Schema.Properties["city"]).Default.Should().Be("Oslo");
        ((BooleanSchema)form.Schema.Properties["verified"]).Default.Should().BeTrue();
        ((UntitledSingleSelectEnumSchema)form.Schema.Properties["color"]).Default.Should().Be("Green");
        var settings = form.Read(JsonElement.Parse("""{"name":"Ada","age":36}"""));
        (settings.Name, settings.Age, settings.City, settings.Verified, settings.Color).Should().Be(("Ada", 36, "Oslo", true, Color.Green));
    }

    [Test]
    public void What_a_form_has_no_words_for_still_holds()
    {
        var form = TypedForm<Coded>.Of(null);

        form.Schema.Properties["code"].Should().Be(new StringSchema());
        form.WhatIsWrongWith(JsonElement.Parse("""{"action":"accept","content":{"code":"abc"}}""")).Should().Contain("/content/code");
        form.WhatIsWrongWith(JsonElement.Parse("""{"action":"accept","content":{"code":"A-1"}}""")).Should().BeNull();
        form.WhatIsWrongWith(JsonElement.Parse("""{"action":"decline"}""")).Should().BeNull();
    }

    [TestCase(typeof(Nested), "address")]
    [TestCase(typeof(Lists), "names")]
    [TestCase(typeof(Bytes), "data")]
    public void A_member_that_has_no_place_in_a_form_is_named(Type type, string member)
    {
        var making = () => typeof(TypedForm<>).MakeGenericType(type).GetMethod("Of")!.Invoke(null, [null]);

        making.Should().Throw<System.Reflection.TargetInvocationException>().WithInnerException<ArgumentException>().WithMessage($"*'{member}'*no place in a form*");
    }

    [Test]
    public void A_number_is_no_form() =>
        FluentActions.Invoking(() => TypedForm<int>.Of(null)).Should().Throw<ArgumentException>().WithMessage("*Int32 is no form*");

    [Test]
    [Spec("2026-07-28 client/elicitation §URL Mode Elicitation Requests", 2)]
    public void A_page_has_an_address_of_the_web()
    {
        foreach (var odd in new[] { new Uri("/login", UriKind.Relative), new Uri("file:///etc/passwd"), new Uri("javascript:alert(1)") })
            FluentActions.Invoking(() => InputRequests.ElicitUrl("Go", odd)).Should().Throw<ArgumentException>();

        InputRequests.ElicitUrl("Go", new Uri("https://example.com/a")).Params!.Value.GetProperty("url").GetString().Should().Be("https://example.com/a");
    }

    [Test]
    [Spec("2026-07-28 client/sampling §Tool Result Messages", 1)]
    [Spec("2026-07-28 client/sampling §Tool Use and Result Balance", 1)]
    [Spec("2026-07-28 client/sampling §Security Considerations", 2)]
    public void Each_use_of_a_tool_is_followed_by_its_result_and_nothing_else()
    {
        var said = new SamplingMessage { Role = Role.User, Content = [new TextContent { Text = "Weather?" }] };
        var used = new SamplingMessage { Role = Role.Assistant, Content = [Use("1"), Use("2")] };

        Checking(said, used, new() { Role = Role.User, Content = [Came("2"), Came("1")] }, said).Should().NotThrow();
        Checking(said, used, new() { Role = Role.User, Content = [Came("1"), Came("2"), new TextContent { Text = "There." }] })
            .Should().Throw<ArgumentException>().WithMessage("Message 2*beside something else*");
        Checking(said, used, new() { Role = Role.User, Content = [Came("1")] }).Should().Throw<ArgumentException>().WithMessage("Message 2*[1]*[1, 2]*");
        Checking(said, used, said).Should().Throw<ArgumentException>();
        Checking(said, used).Should().Throw<ArgumentException>().WithMessage("*results do not follow*");
        Checking(new SamplingMessage { Role = Role.User, Content = [Came("1")] }).Should().Throw<ArgumentException>();

        static Action Checking(params SamplingMessage[] messages) =>
            () => InputRequests.Sample(new CreateMessageRequestParams { Messages = messages, MaxTokens = 1 });

        static ToolUseContent Use(string id) => new() { Id = id, Name = "weather", Input = JsonElement.Parse("{}") };

        static ToolResultContent Came(string id) => new() { ToolUseId = id, Content = [] };
    }

    public sealed record Everything(
        [property: StringLength(9, MinimumLength = 2), DisplayName("The text"), Description("Some text")] string Text,
        [property: EmailAddress] string Mail,
        Uri Page,
        DateOnly Day,
        DateTimeOffset Moment,
        [property: Range(1, 9)] int Whole,
        [property: Range(0.5, 1)] double Fraction,
        bool Yes,
        Color Color,
        Size Size,
        [property: MinLength(1)] IReadOnlyList<Color> Colors,
        Size[] Sizes,
        string? Note,
        Color? Perhaps,
        int Count = 3);

    public sealed class Settings
    {
        public string Name { get; set; } = null!;

        public int Age { get; set; }

        public string City { get; set; } = "Oslo";

        public bool Verified { get; set; } = true;

        public Color Color { get; set; } = Color.Green;

        public string? Note { get; set; }
    }

    public sealed record Coded([property: RegularExpression("[A-Z]-[0-9]")] string Code);

    public sealed record Nested(Coded Address);

    public sealed record Lists(IReadOnlyList<string> Names);

    public sealed record Bytes(byte[] Data);
}

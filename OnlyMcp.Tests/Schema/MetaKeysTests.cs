using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Schema;

public sealed partial class MetaKeysTests
{
    private static readonly string[] Ours = [.. typeof(MetaKeys).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    [Test]
    [Spec("2026-07-28 basic §_meta", 2, 3, 4, AtEveryRevision = true)]
    public void Every_key_that_the_library_writes_has_the_form_of_one()
    {
        Ours.Should().HaveCountGreaterThan(5).And.OnlyContain(key => Key().IsMatch(key));
        foreach (var wrong in new[] { "1a/name", "a-/name", "a..b/name", "a//name", "/name", "a/-name", "a/name_", "a b" })
            Key().IsMatch(wrong).Should().BeFalse(wrong);
    }

    [TestCase("\"text\"")]
    [TestCase("null")]
    [TestCase("[1,{}]")]
    [Spec("2026-07-28 basic §_meta", 1, AtEveryRevision = true)]
    public void Whatever_stands_under_a_reserved_key_that_we_do_not_use_is_handed_on(string value)
    {
        var meta = JsonSerializer.Deserialize($$"""{"io.modelcontextprotocol/of-tomorrow":{{value}}}""", McpJson.Wire.RequestMeta)!;

        meta.Other!["io.modelcontextprotocol/of-tomorrow"].GetRawText().Should().Be(value);
    }

    // An optional prefix of labels between dots, a slash, and a name.
    [GeneratedRegex(@"^([A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?)*/)?([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$")]
    private static partial Regex Key();
}

using static OnlyMcp.Tests.JsonSchemas.SchemaText;

namespace OnlyMcp.Tests.JsonSchemas;

public class PatternTests
{
    [TestCase("^.$", "🐲", true)]
    [TestCase("^..$", "🐲", false)]
    [TestCase("^[^a]$", "🐲", true)]
    [TestCase("^[🐲-🐴]$", "🐳", true)]
    [TestCase("^[^🐲]$", "🐲", false)]
    [TestCase("^\\\\p{L}+$", "𠮷野家", true)]
    [TestCase("^\\\\P{L}+$", "𠮷", false)]
    [TestCase("^\\\\p{Lu}$", "é", false)]
    [TestCase("^\\\\u{1F432}$", "🐲", true)]
    [TestCase("^\\\\ud83d\\\\udc32$", "🐲", true)]
    [TestCase("^\\\\d$", "٣", false)]
    [TestCase("^\\\\w$", "é", false)]
    [TestCase("^[\\\\w.-]+$", "a-b.c", true)]
    [TestCase("\\\\bé", "aé", true)]
    [TestCase("^a$", "a\\n", false)]
    [TestCase("^[]$", "a", false)]
    [TestCase("^[^]$", "\\n", true)]
    [TestCase("^(a)\\\\1$", "aa", true)]
    [TestCase("^(?<x>a)\\\\k<x>$", "aa", true)]
    [TestCase("^\\\\@\\\\/$", "@/", true)]
    public void Patterns_mean_what_ECMA_262_says(string pattern, string text, bool matches)
        => Accepts($$"""{"pattern": "{{pattern}}"}""", $"\"{text}\"").Should().Be(matches);
}

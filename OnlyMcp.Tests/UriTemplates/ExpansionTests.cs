using OnlyMcp.Protocol.UriTemplates;

namespace OnlyMcp.Tests.UriTemplates;

/// <summary>The values and the results that RFC 6570 gives, level by level.</summary>
public sealed class ExpansionTests
{
    private static readonly Dictionary<string, object?> Values = new()
    {
        ["count"] = new[] { "one", "two", "three" },
        ["dom"] = new[] { "example", "com" },
        ["dub"] = "me/too",
        ["hello"] = "Hello World!",
        ["half"] = "50%",
        ["var"] = "value",
        ["who"] = "fred",
        ["base"] = "http://example.com/home/",
        ["path"] = "/foo/bar",
        ["list"] = new[] { "red", "green", "blue" },
        ["keys"] = new[] { KeyValuePair.Create("semi", ";"), KeyValuePair.Create("dot", "."), KeyValuePair.Create("comma", ",") },
        ["v"] = "6",
        ["x"] = 1024,
        ["y"] = 768,
        ["empty"] = "",
        ["empty_keys"] = Array.Empty<KeyValuePair<string, string>>(),
        ["undef"] = null,
    };

    [TestCase("{count}", "one,two,three")]
    [TestCase("{count*}", "one,two,three")]
    [TestCase("{/count}", "/one,two,three")]
    [TestCase("{/count*}", "/one/two/three")]
    [TestCase("{;count}", ";count=one,two,three")]
    [TestCase("{;count*}", ";count=one;count=two;count=three")]
    [TestCase("{?count}", "?count=one,two,three")]
    [TestCase("{?count*}", "?count=one&count=two&count=three")]
    [TestCase("{&count*}", "&count=one&count=two&count=three")]
    public void Lists_are_written_as_the_operator_says(string template, string uri) => Expand(template).Should().Be(uri);

    [TestCase("{var}", "value")]
    [TestCase("{hello}", "Hello%20World%21")]
    [TestCase("{half}", "50%25")]
    [TestCase("O{empty}X", "OX")]
    [TestCase("O{undef}X", "OX")]
    [TestCase("{x,y}", "1024,768")]
    [TestCase("{x,hello,y}", "1024,Hello%20World%21,768")]
    [TestCase("?{x,empty}", "?1024,")]
    [TestCase("?{x,undef}", "?1024")]
    [TestCase("?{undef,y}", "?768")]
    [TestCase("{var:3}", "val")]
    [TestCase("{var:30}", "value")]
    [TestCase("{list}", "red,green,blue")]
    [TestCase("{list*}", "red,green,blue")]
    [TestCase("{keys}", "semi,%3B,dot,.,comma,%2C")]
    [TestCase("{keys*}", "semi=%3B,dot=.,comma=%2C")]
    public void Simple_strings_are_encoded(string template, string uri) => Expand(template).Should().Be(uri);

    [TestCase("{+var}", "value")]
    [TestCase("{+hello}", "Hello%20World!")]
    [TestCase("{+half}", "50%25")]
    [TestCase("{base}index", "http%3A%2F%2Fexample.com%2Fhome%2Findex")]
    [TestCase("{+base}index", "http://example.com/home/index")]
    [TestCase("O{+empty}X", "OX")]
    [TestCase("O{+undef}X", "OX")]
    [TestCase("{+path}/here", "/foo/bar/here")]
    [TestCase("here?ref={+path}", "here?ref=/foo/bar")]
    [TestCase("up{+path}{var}/here", "up/foo/barvalue/here")]
    [TestCase("{+x,hello,y}", "1024,Hello%20World!,768")]
    [TestCase("{+path,x}/here", "/foo/bar,1024/here")]
    [TestCase("{+path:6}/here", "/foo/b/here")]
    [TestCase("{+list}", "red,green,blue")]
    [TestCase("{+list*}", "red,green,blue")]
    [TestCase("{+keys}", "semi,;,dot,.,comma,,")]
    [TestCase("{+keys*}", "semi=;,dot=.,comma=,")]
    public void Reserved_characters_may_stay(string template, string uri) => Expand(template).Should().Be(uri);

    [TestCase("{#var}", "#value")]
    [TestCase("{#hello}", "#Hello%20World!")]
    [TestCase("{#half}", "#50%25")]
    [TestCase("foo{#empty}", "foo#")]
    [TestCase("foo{#undef}", "foo")]
    [TestCase("{#x,hello,y}", "#1024,Hello%20World!,768")]
    [TestCase("{#path,x}/here", "#/foo/bar,1024/here")]
    [TestCase("{#path:6}/here", "#/foo/b/here")]
    [TestCase("{#list}", "#red,green,blue")]
    [TestCase("{#keys*}", "#semi=;,dot=.,comma=,")]
    public void Fragments_begin_with_a_hash(string template, string uri) => Expand(template).Should().Be(uri);

    [TestCase("{.who}", ".fred")]
    [TestCase("{.who,who}", ".fred.fred")]
    [TestCase("{.half,who}", ".50%25.fred")]
    [TestCase("www{.dom*}", "www.example.com")]
    [TestCase("X{.var}", "X.value")]
    [TestCase("X{.empty}", "X.")]
    [TestCase("X{.undef}", "X")]
    [TestCase("X{.var:3}", "X.val")]
    [TestCase("X{.list}", "X.red,green,blue")]
    [TestCase("X{.list*}", "X.red.green.blue")]
    [TestCase("X{.keys}", "X.semi,%3B,dot,.,comma,%2C")]
    [TestCase("X{.keys*}", "X.semi=%3B.dot=..comma=%2C")]
    [TestCase("X{.empty_keys}", "X")]
    [TestCase("X{.empty_keys*}", "X")]
    public void Labels_begin_with_a_dot(string template, string uri) => Expand(template).Should().Be(uri);

    [TestCase("{/who}", "/fred")]
    [TestCase("{/who,who}", "/fred/fred")]
    [TestCase("{/half,who}", "/50%25/fred")]
    [TestCase("{/who,dub}", "/fred/me%2Ftoo")]
    [TestCase("{/var}", "/value")]
    [TestCase("{/var,empty}", "/value/")]
    [TestCase("{/var,undef}", "/value")]
    [TestCase("{/var,x}/here", "/value/1024/here")]
    [TestCase("{/var:1,var}", "/v/value")]
    [TestCase("{/list}", "/red,green,blue")]
    [TestCase("{/list*}", "/red/green/blue")]
    [TestCase("{/list*,path:4}", "/red/green/blue/%2Ffoo")]
    [TestCase("{/keys}", "/semi,%3B,dot,.,comma,%2C")]
    [TestCase("{/keys*}", "/semi=%3B/dot=./comma=%2C")]
    public void Path_segments_begin_with_a_slash(string template, string uri) => Expand(template).Should().Be(uri);

    [TestCase("{;who}", ";who=fred")]
    [TestCase("{;half}", ";half=50%25")]
    [TestCase("{;empty}", ";empty")]
    [TestCase("{;v,empty,who}", ";v=6;empty;who=fred")]
    [TestCase("{;v,bar,who}", ";v=6;who=fred")]
    [TestCase("{;x,y}", ";x=1024;y=768")]
    [TestCase("{;x,y,empty}", ";x=1024;y=768;empty")]
    [TestCase("{;x,y,undef}", ";x=1024;y=768")]
    [TestCase("{;hello:5}", ";hello=Hello")]
    [TestCase("{;list}", ";list=red,green,blue")]
    [TestCase("{;keys}", ";keys=semi,%3B,dot,.,comma,%2C")]
    [TestCase("{;keys*}", ";semi=%3B;dot=.;comma=%2C")]
    public void Path_parameters_carry_their_names(string template, string uri) => Expand(template).Should().Be(uri);

    [TestCase("{?who}", "?who=fred")]
    [TestCase("{?half}", "?half=50%25")]
    [TestCase("{?x,y}", "?x=1024&y=768")]
    [TestCase("{?x,y,empty}", "?x=1024&y=768&empty=")]
    [TestCase("{?x,y,undef}", "?x=1024&y=768")]
    [TestCase("{?var:3}", "?var=val")]
    [TestCase("{?list}", "?list=red,green,blue")]
    [TestCase("{?keys}", "?keys=semi,%3B,dot,.,comma,%2C")]
    [TestCase("{?keys*}", "?semi=%3B&dot=.&comma=%2C")]
    [TestCase("{&who}", "&who=fred")]
    [TestCase("?fixed=yes{&x}", "?fixed=yes&x=1024")]
    [TestCase("{&x,y,empty}", "&x=1024&y=768&empty=")]
    [TestCase("{&keys*}", "&semi=%3B&dot=.&comma=%2C")]
    public void Queries_carry_their_names(string template, string uri) => Expand(template).Should().Be(uri);

    [TestCase("{", "closed")]
    [TestCase("a}b", "without an opening")]
    [TestCase("{}", "name is missing")]
    [TestCase("{=x}", "no meaning yet")]
    [TestCase("{x y}", "no name")]
    [TestCase("{x..y}", "no name")]
    [TestCase("{.x.}", "no name")]
    [TestCase("{x,}", "no name")]
    [TestCase("{x:0}", "1 to 9999")]
    [TestCase("{x:10000}", "1 to 9999")]
    [TestCase("{x:}", "1 to 9999")]
    [TestCase("a b{x}", "percent-encoded")]
    [TestCase("a%zz{x}", "percent-encoded")]
    public void What_is_no_template_is_refused_in_words(string template, string words) =>
        FluentActions.Invoking(() => UriTemplate.Parse(template)).Should().Throw<FormatException>().WithMessage($"*{words}*");

    [Test]
    public void A_template_is_bounded_in_length_and_in_variables()
    {
        FluentActions.Invoking(() => UriTemplate.Parse(new string('a', 4097))).Should().Throw<FormatException>().WithMessage("*4096*");
        FluentActions.Invoking(() => UriTemplate.Parse(string.Concat(Enumerable.Repeat("{x}", 65)))).Should().Throw<FormatException>().WithMessage("*64*");
    }

    [Test]
    public void The_beginning_of_a_list_has_no_meaning() => FluentActions.Invoking(() => Expand("{list:3}")).Should().Throw<ArgumentException>();

    [Test]
    public void What_an_address_cannot_hold_is_encoded_in_the_text_between_too() => Expand("ü/{var}").Should().Be("%C3%BC/value");

    [Test]
    public void A_prefix_counts_characters_and_not_bytes() =>
        UriTemplate.Parse("{s:1}").Expand(new Dictionary<string, object?> { ["s"] = "😀b" }).Should().Be("%F0%9F%98%80");

    private static string Expand(string template) => UriTemplate.Parse(template).Expand(Values);
}

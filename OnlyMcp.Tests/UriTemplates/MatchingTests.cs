using System.Diagnostics;
using OnlyMcp.Protocol.UriTemplates;

namespace OnlyMcp.Tests.UriTemplates;

public sealed class MatchingTests
{
    [TestCase("a://{x}", "a://b", "x=b")]
    [TestCase("a://{x}/{y}", "a://b/c", "x=b y=c")]
    [TestCase("a://{+path}", "a://b/c/d", "path=b/c/d")]
    [TestCase("a://{+path}.{ext}", "a://b/c.d.txt", "path=b/c.d ext=txt")]
    [TestCase("a://{x}-{y}", "a://1-2-3", "x=1-2 y=3")]
    [TestCase("a://{x,y}", "a://1,2", "x=1 y=2")]
    [TestCase("a://{x,y}", "a://1", "x=1")]
    [TestCase("a://h{/x,y}", "a://h/1/2", "x=1 y=2")]
    [TestCase("a://h{/x}", "a://h", "")]
    [TestCase("a://h{/x}", "a://h/", "x=")]
    [TestCase("a://h{.x}", "a://h.b.c", "x=b.c")]
    [TestCase("a://h{;x,y}", "a://h;y=2;x=1", "y=2 x=1")]
    [TestCase("a://h{;x}", "a://h;x", "x=")]
    [TestCase("a://h{?q,n}", "a://h?q=1&n=2", "q=1 n=2")]
    [TestCase("a://h{?q,n}", "a://h?n=2", "n=2")]
    [TestCase("a://h{?q}{&n}", "a://h?q=1&n=2", "q=1 n=2")]
    [TestCase("a://h?fixed=1{&n}", "a://h?fixed=1&n=2", "n=2")]
    [TestCase("a://h{#part}", "a://h#a/b?c", "part=a/b?c")]
    [TestCase("a://{x}", "a://%C3%B8re%20b", "x=øre b")]
    [TestCase("a://{x}", "a://b%2Fc", "x=b/c")]
    [TestCase("a://{x}", "a://", "")]
    [TestCase("{+any}", "a://b", "any=a://b")]
    [TestCase("a://{x}2Fb", "a://y%2Fb", null)]
    [TestCase("a://{x}", "a://b/c", null)]
    [TestCase("a://{x}", "b://c", null)]
    [TestCase("a://{x}/end", "a://b/en", null)]
    [TestCase("a://h{?q}", "a://h?other=1", null)]
    [TestCase("a://h{?q}", "a://h?q=1&q=2", null)]
    [TestCase("a://{x}{x}", "a://b", "x=b")]
    [TestCase("a://{x}/{x}", "a://b/b", null)]
    [TestCase("a://{x:3}", "a://abcd", null)]
    [TestCase("a://{x:3}", "a://abc", "x=abc")]
    [TestCase("a://{x}", "a://%FF", null)]
    [TestCase("a://{x}", "a://%C3", null)]
    [TestCase("a://{x}", "a://%zz", null)]
    [TestCase("a://{x}", "a://b c", null)]
    [TestCase("a://{x}", "a://ø", null)]
    [TestCase("/items/{x}", "/items/1", null)]
    public void An_address_fills_a_template_in_or_does_not(string template, string uri, string? values)
    {
        var found = UriTemplate.Parse(template).Match(uri);

        (found is null ? null : string.Join(' ', found.Select(value => $"{value.Key}={value.Value.Text}"))).Should().Be(values);
    }

    [TestCase("a://{list}", "a://red,green%2Cblue", "red|green,blue")]
    [TestCase("a://h{/list*}", "a://h/red/green", "red|green")]
    [TestCase("a://h{?list*}", "a://h?list=red&list=green", "red|green")]
    [TestCase("a://h{?list}", "a://h?list=red,green", "red|green")]
    [TestCase("a://h{.list*}", "a://h.red.green", "red|green")]
    public void A_list_is_taken_apart_where_it_was_put_together(string template, string uri, string items) =>
        string.Join('|', UriTemplate.Parse(template).Match(uri)!["list"].Items).Should().Be(items);

    [Test]
    public void What_was_filled_in_is_found_again()
    {
        string[] texts = ["b", "b c", "ø/x", "50%", "a,b", "%2F", "😀", "x&y=z", "a.b", "~-_"];
        foreach (var template in new[] { "a://{x}", "a://{x}/{y}", "a://h{/x,y}", "a://h{?x,y}", "a://h{;x,y}", "a://{x},{y}" })
        {
            foreach (var (x, y) in texts.Zip(texts.Reverse()))
            {
                var parsed = UriTemplate.Parse(template);
                var found = parsed.Match(parsed.Expand(new Dictionary<string, object?> { ["x"] = x, ["y"] = y }));

                found.Should().NotBeNull($"{template} with {x} and {y}");
                found!["x"].Text.Should().Be(x);
                found.GetValueOrDefault("y")?.Text.Should().Be(y);
            }
        }
    }

    [TestCase("a:{/id*}{/id2*}{/id3*}{/id4*}x", "a:", "/", "")]
    [TestCase("a:{a*}{b*}{c*}{d*}{e*}{f*}{g*}!", "a:", ",", "")]
    [TestCase("a:{+a}{+b}{+c}{+d}{+e}{+f}{+g}{+h}#", "a:", "a", "")]
    [TestCase("a:{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}!", "a:", "-", "")]
    [TestCase("a:{+a}ab{+b}ab{+c}ab{+d}abc", "a:", "ab", "")]
    [TestCase("a:{?a*,b*}{&c*}{&d*}!", "a:?", "&a=1", "")]
    public void No_address_makes_matching_slow(string template, string beginning, string repeated, string end)
    {
        var parsed = UriTemplate.Parse(template);
        var uri = beginning + string.Concat(Enumerable.Repeat(repeated, (UriTemplate.MaxUriLength - 20) / repeated.Length)) + end;
        parsed.Match(uri[..100]);

        var watch = Stopwatch.StartNew();
        parsed.Match(uri);

        // A matcher that tries one thing after another would take longer than the universe has; the bound is for slow machines.
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(1));
    }

    [Test]
    public void An_address_that_is_too_long_matches_nothing() =>
        UriTemplate.Parse("a:{+x}").Match("a:" + new string('x', UriTemplate.MaxUriLength)).Should().BeNull();

    [TestCase("a:b", true)]
    [TestCase("urn:isbn:1", true)]
    [TestCase("http://[::1]:80/x?y#z", true)]
    [TestCase("file:///a/b", true)]
    [TestCase("", false)]
    [TestCase("a", false)]
    [TestCase(":a", false)]
    [TestCase("1a:b", false)]
    [TestCase("a:b c", false)]
    [TestCase("a:b#c#d", false)]
    [TestCase("a:[b]", false)]
    [TestCase("a://h/[b]", false)]
    [TestCase("a:%2", false)]
    [TestCase("a:%2g", false)]
    [TestCase("a:b\\c", false)]
    [TestCase("a:{b}", false)]
    [TestCase("a:ø", false)]
    [TestCase("a:b\0", false)]
    public void An_address_is_a_scheme_and_what_need_not_be_encoded(string uri, bool isOne) => UriSyntax.IsAbsolute(uri).Should().Be(isOne);
}

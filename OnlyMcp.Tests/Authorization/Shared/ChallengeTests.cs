using FsCheck;
using FsCheck.Fluent;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Shared;

/// <summary>The header in which a server says what it wants, as servers write it and as they should.</summary>
internal sealed class ChallengeTests
{
    // What stands in the header, and what of it is read: scheme{name=value|name=value}, one behind another.
    [TestCase("Bearer", "Bearer{}")]
    [TestCase("Bearer realm=\"a, b\", scope=\"x y\"", "Bearer{realm=a, b|scope=x y}")]
    [TestCase("bearer SCOPE=x , Error = \"e\"", "bearer{SCOPE=x|Error=e}")]
    [TestCase("Bearer realm=\"say \\\"hi\\\" \\\\\"", "Bearer{realm=say \"hi\" \\}")]
    [TestCase("Basic realm=\"r\", Bearer scope=\"s\", DPoP algs=\"ES256\"", "Basic{realm=r}Bearer{scope=s}DPoP{algs=ES256}")]
    [TestCase("Negotiate YII==, Bearer scope=s", "Negotiate{}Bearer{scope=s}")]
    [TestCase("Negotiate, NTLM, Bearer scope=s", "Negotiate{}NTLM{}Bearer{scope=s}")]
    [TestCase(",, Bearer ,scope=s,,", "Bearer{scope=s}")]
    [TestCase("Bearer scope=a, scope=b", "Bearer{scope=a}", Description = "the first counts")]
    [TestCase("Bearer resource_metadata=https://h/.well-known/x?a=b", "Bearer{resource_metadata=https://h/.well-known/x?a=b}", Description = "an address that nobody quoted")]
    [TestCase("Bearer error=\"invalid_token\", error_description=\"Missing \"foo\" header\", resource_metadata=\"https://h\"",
        "Bearer{error=invalid_token|error_description=Missing \"foo\" header|resource_metadata=https://h}", Description = "nobody escaped")]
    [TestCase("Bearer error_description=\"say \"a\", or not\", scope=\"s\"", "Bearer{error_description=say \"a\", or not|scope=s}")]
    [TestCase("Bearer scope=\"s\" error=\"e\"", "Bearer{scope=s|error=e}", Description = "nobody put commas")]
    [TestCase("Bearer scope=\"never closed", "Bearer{scope=never closed}")]
    [TestCase("Bearer scope=", "Bearer{}", Description = "a value of the scheme's own")]
    [TestCase("=\"?\" Bearer scope=s", "Bearer{scope=s}")]
    [TestCase("\u0001{}()", "")]
    [TestCase("", "")]
    [AuthorizationRequirement("CL1")]
    public void A_challenge_is_read_however_it_is_written(string header, string read) => Show([header]).Should().Be(read);

    [Test]
    [AuthorizationRequirement("CL1")]
    public void Several_lines_are_one_list() =>
        Show(["Basic realm=\"r\"", "Bearer scope=\"s\""]).Should().Be("Basic{realm=r}Bearer{scope=s}");

    [Test]
    public void What_is_written_is_read_as_it_was()
    {
        var values = ArbMap.Default.ArbFor<NonNull<string>>().Filter(text => text.Get.All(letter => letter is >= ' ' and <= '~'));
        Prop.ForAll(values, values, (one, other) =>
        {
            var written = new AuthenticationChallenge("Bearer", [new("error_description", one.Get), new("scope", other.Get)]).ToString();
            var read = AuthenticationChallenge.Parse([written]).Single();
            return read["error_description"] == one.Get && read["scope"] == other.Get && read.Is("BEARER");
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void What_no_header_can_hold_is_left_out_of_it() =>
        new AuthenticationChallenge("Bearer", [new("error_description", "a\r\nX-Evil: 1 é")]).ToString()
            .Should().Be("Bearer error_description=\"a??X-Evil: 1 ?\"");

    [TestCase("\"")]
    [TestCase("Bearer a=\"")]
    [TestCase("\" ")]
    [TestCase("a ")]
    [TestCase("Bearer a=b, ")]
    [TestCase("x=,")]
    public void No_header_makes_much_of_itself(string part)
    {
        var header = string.Concat(Enumerable.Repeat(part, 200_000 / part.Length));
        var challenges = AuthenticationChallenge.Parse([header]);

        challenges.Count.Should().BeLessThanOrEqualTo(20);
        challenges.Where(challenge => challenge.Parameters.Count > 50).Should().BeEmpty();
    }

    private static string Show(IEnumerable<string> lines) => string.Concat(AuthenticationChallenge.Parse(lines)
        .Select(challenge => $"{challenge.Scheme}{{{string.Join('|', challenge.Parameters.Select(pair => $"{pair.Key}={pair.Value}"))}}}"));
}

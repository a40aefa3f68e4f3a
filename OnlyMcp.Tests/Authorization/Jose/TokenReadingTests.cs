using System.Text;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Tests.Authorization.Jose;

public sealed class TokenReadingTests
{
    [Test]
    public void A_token_says_what_it_claims()
    {
        var token = JsonWebToken.Parse(TokenText.Unsigned(
            """{"alg":"ES256","kid":"k","typ":"at+jwt"}""",
            """{"iss":"https://as","sub":"ada","jti":"1","aud":["a","b"],"exp":1700000000,"nbf":1699999999.5,"iat":0,"deep":{"x":[{}]}}"""));

        (token.Algorithm, token.KeyId, token.Type).Should().Be(("ES256", "k", "at+jwt"));
        (token.Issuer, token.Subject, token.JwtId).Should().Be(("https://as", "ada", "1"));
        token.Audiences.Should().Equal("a", "b");
        token.ExpiresAt.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1700000000));
        token.NotBefore.Should().Be(DateTimeOffset.FromUnixTimeMilliseconds(1699999999500));
        token.IssuedAt.Should().Be(DateTimeOffset.UnixEpoch);
        JsonWebToken.Parse(TokenText.Unsigned(payload: """{"aud":"a"}""")).Audiences.Should().Equal("a");
    }

    [Test]
    public void What_a_token_does_not_say_is_not_there()
    {
        var token = JsonWebToken.Parse(TokenText.Unsigned("{}"));

        new object?[] { token.Algorithm, token.KeyId, token.Type, token.Issuer, token.Subject, token.JwtId, token.ExpiresAt, token.NotBefore, token.IssuedAt }
            .Should().OnlyContain(claim => claim == null);
        token.Audiences.Should().BeEmpty();
    }

    [TestCase("", "*three parts*")]
    [TestCase("a", "*three parts*")]
    [TestCase("e30.e30", "*three parts*")]
    [TestCase("e30.e30.AAAA.AAAA", "*three parts*")]
    [TestCase("e30.e30.AAAA.AAAA.AAAA", "*encrypted*")]
    [TestCase("e30.e30.AAAA.AAAA.AAAA.AAAA", "*three parts*")]
    [TestCase("e30.e30.", "*not signed*")]
    [TestCase(".e30.AAAA", "*header*")]
    [TestCase("e30..AAAA", "*payload*")]
    [TestCase("e30=.e30.AAAA", "*base64url*")]
    [TestCase("e30.e30.AA==", "*base64url*")]
    [TestCase("e30.e30.A", "*base64url*")]
    [TestCase("e30.e30.AB", "*base64url*")]
    [TestCase("e30.e30.AAB", "*base64url*")]
    [TestCase("e30.e30.AA+A", "*base64url*")]
    [TestCase("e30.e30.AA/A", "*base64url*")]
    [TestCase("e30.e30.AA A", "*base64url*")]
    [TestCase("e30.e30.AAAA\n", "*base64url*")]
    [TestCase("e30.\ne30.AAAA", "*base64url*")]
    [TestCase("e30.e30.ÀAAA", "*base64url*")]
    [TestCase("e30.e30.AAAA%", "*base64url*")]
    public void What_is_no_signed_token_is_refused_in_words(string text, string words) =>
        FluentActions.Invoking(() => JsonWebToken.Parse(text)).Should().Throw<FormatException>().WithMessage(words);

    [TestCase("[]")]
    [TestCase("1")]
    [TestCase("\"x\"")]
    [TestCase("null")]
    [TestCase("{")]
    [TestCase("{} {}")]
    [TestCase("{\"a\":1,}")]
    [TestCase("{}//")]
    [TestCase("\uFEFF{}")]
    [TestCase("""{"a":1,"a":1}""")]
    [TestCase("""{"a":{"b":1,"b":2}}""")]
    [TestCase("""{"a":[{"b":1,"\u0062":2}]}""")]
    [TestCase("""{"a":"\ud800"}""")]
    [TestCase("""{"\udc00":1}""")]
    public void What_two_readers_could_understand_differently_is_refused(string json)
    {
        foreach (var token in new[] { TokenText.Unsigned(header: json), TokenText.Unsigned(payload: json) })
            FluentActions.Invoking(() => JsonWebToken.Parse(token)).Should().Throw<FormatException>();
    }

    [Test]
    public void Bytes_that_are_no_text_are_refused() => FluentActions
        .Invoking(() => JsonWebToken.Parse($"e30.{TokenText.Encoded([.. "{\"a\":\""u8, 0xff, 0xfe, .. "\"}"u8])}.AAAA"))
        .Should().Throw<FormatException>();

    [TestCase("""{"alg":1}""")]
    [TestCase("""{"kid":["k"]}""")]
    [TestCase("""{"typ":null}""")]
    [TestCase("""{"alg":"ES256","crit":["b64"],"b64":false}""")]
    [TestCase("""{"alg":"ES256","crit":[]}""")]
    public void A_header_of_another_shape_is_refused(string header) => Refused(TokenText.Unsigned(header));

    [TestCase("""{"iss":1}""")]
    [TestCase("""{"sub":{}}""")]
    [TestCase("""{"jti":null}""")]
    [TestCase("""{"aud":1}""")]
    [TestCase("""{"aud":null}""")]
    [TestCase("""{"aud":["a",1]}""")]
    [TestCase("""{"aud":{"a":1}}""")]
    [TestCase("""{"exp":"1700000000"}""")]
    [TestCase("""{"exp":null}""")]
    [TestCase("""{"exp":-1}""")]
    [TestCase("""{"exp":1e300}""")]
    [TestCase("""{"exp":1700000000000}""")]
    [TestCase("""{"nbf":true}""")]
    [TestCase("""{"iat":[]}""")]
    public void A_claim_of_another_shape_is_refused(string payload) => Refused(TokenText.Unsigned(payload: payload));

    [Test]
    public void A_token_is_bounded_in_size_and_in_depth()
    {
        var filled = new string('x', 12_000);
        JsonWebToken.Parse(TokenText.Unsigned(payload: $$"""{"x":"{{filled}}"}""")).Payload.GetProperty("x").GetString().Should().Be(filled);

        Refused(TokenText.Unsigned(payload: $$"""{"x":"{{filled}}{{filled}}"}"""));
        Refused(new string('a', 10_000_000));
        Refused(new string('.', 16_000));
        Refused(TokenText.Unsigned(payload: $$"""{"x":{{new string('[', 40)}}{{new string(']', 40)}}}"""));
    }

    [Test]
    public void What_is_said_of_a_bad_token_holds_nothing_of_it()
    {
        foreach (var payload in new[] { """{"secret":1,"secret":1}""", """{"iss":["secret"]}""", """{"secret""", """{"exp":"secret"}""" })
        {
            var fault = FluentActions.Invoking(() => JsonWebToken.Parse(TokenText.Unsigned(payload: payload))).Should().Throw<FormatException>().Which;
            fault.ToString().Should().NotContain("secret").And.NotContain(TokenText.Encoded(payload));
        }

        JsonWebToken.Parse(TokenText.Unsigned(payload: """{"iss":"secret"}""")).ToString().Should().Be("a token");
    }

    [Test]
    public void Whatever_text_is_read_the_answer_is_a_token_or_the_word_that_it_is_none()
    {
        var random = new Random(20261121);
        var good = TokenText.Unsigned("""{"alg":"ES256","typ":"at+jwt"}""", """{"iss":"https://as","aud":["a"],"exp":1700000000}""");
        for (var i = 0; i < 5000; i++)
        {
            var text = new StringBuilder(good);
            for (var change = random.Next(1, 6); change > 0; change--)
                text[random.Next(text.Length)] = (char)random.Next(1, random.Next(2) == 0 ? 128 : 0x10000);
            try
            {
                JsonWebToken.Parse(text.ToString()).Header.ToString();
            }
            catch (FormatException)
            {
                // One of the two answers that there are.
            }
        }
    }

    private static void Refused(string token) =>
        FluentActions.Invoking(() => JsonWebToken.Parse(token)).Should().Throw<FormatException>();
}

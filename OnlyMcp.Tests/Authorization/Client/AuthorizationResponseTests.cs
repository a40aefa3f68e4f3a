using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>What the address says that a browser comes back to.</summary>
public sealed class AuthorizationResponseTests
{
    private const string Callback = "http://127.0.0.1:3118/callback";

    [Test]
    public void An_answer_is_read_with_all_that_it_says()
    {
        var response = AuthorizationResponse.Parse(new Uri(
            $"{Callback}?code=a%2Bb+c%26&state=s%3D1&iss=https%3A%2F%2Flogin.example.com%2Ftenant%2F&session_state=1&session_state=2&flag"));

        response.Should().BeEquivalentTo(
            new AuthorizationResponse { Code = "a+b c&", State = "s=1", Issuer = "https://login.example.com/tenant/" },
            because: "the values are form-encoded, and what nobody knows is left out of account");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Authorization Response Validation", 4, AtEveryRevision = true)]
    [AuthorizationRequirement("CL25")]
    public void The_issuer_is_left_as_it_came()
    {
        const string Odd = "HTTPS://Login.Example.com:443/a/../b%2F%7e?x=1#";

        AuthorizationResponse.Parse(new Uri($"{Callback}?code=c&iss={Uri.EscapeDataString(Odd)}")).Issuer.Should().Be(Odd);
    }

    [Test]
    public void A_refusal_is_read_with_its_reasons()
    {
        var response = AuthorizationResponse.Parse(new Uri(
            $"{Callback}?error=access_denied&error_description=The+user+said+no&error_uri=https%3A%2F%2Fx.example%2Fe&state=s&code="));

        response.Should().BeEquivalentTo(new AuthorizationResponse
        {
            Error = "access_denied",
            ErrorDescription = "The user said no",
            ErrorUri = "https://x.example/e",
            State = "s",
        });
        response.Code.Should().BeNull("a parameter without a value is as if it were not there");
    }

    [TestCase("", "neither a code nor an error")]
    [TestCase("?", "neither a code nor an error")]
    [TestCase("?state=s&iss=i", "neither a code nor an error")]
    [TestCase("?code=&error=", "neither a code nor an error")]
    [TestCase("#code=c&state=s", "neither a code nor an error")]
    [TestCase("?code=c&error=access_denied", "at once")]
    [TestCase("?code=c&code=c", "'code' stands in it twice")]
    [TestCase("?code=c&state=s&%73tate=t", "'state' stands in it twice")]
    [TestCase("?code=c&iss=a&iss=b", "'iss' stands in it twice")]
    [TestCase("?error=e&error=f", "'error' stands in it twice")]
    public void What_is_no_answer_says_why(string query, string why) =>
        FluentActions.Invoking(() => AuthorizationResponse.Parse(new Uri(Callback + query)))
            .Should().Throw<AuthorizationException>().WithMessage($"*{why}*").Which.Step.Should().Be(AuthorizationStep.SignIn);

    [Test]
    public void What_is_too_long_or_too_much_is_no_answer()
    {
        var tooLong = new Uri($"{Callback}?code={new string('x', 20_000)}");
        var tooMuch = new Uri($"{Callback}?code=c{string.Concat(Enumerable.Range(0, 60).Select(i => $"&p{i}=1"))}");

        FluentActions.Invoking(() => AuthorizationResponse.Parse(tooLong)).Should().Throw<AuthorizationException>().WithMessage("*16384 characters*");
        FluentActions.Invoking(() => AuthorizationResponse.Parse(tooMuch)).Should().Throw<AuthorizationException>().WithMessage("*50 parameters*");
    }

    [Test]
    public void Neither_an_answer_nor_the_words_about_a_bad_one_hold_the_code()
    {
        $"{AuthorizationResponse.Parse(new Uri($"{Callback}?code=SECRET&state=SECRET"))}".Should().NotContain("SECRET");
        FluentActions.Invoking(() => AuthorizationResponse.Parse(new Uri($"{Callback}?code=SECRET&code=SECRET&state=SECRET")))
            .Should().Throw<AuthorizationException>().Which.ToString().Should().NotContain("SECRET");
    }

    [TestCase("?code=%zz&state=%", "%zz", "%")]
    [TestCase("?code=%ff%fe&state=s", "\ufffd\ufffd", "s")]
    public void Broken_coding_is_taken_as_it_is(string query, string code, string state)
    {
        var response = AuthorizationResponse.Parse(new Uri(Callback + query));

        (response.Code, response.State).Should().Be((code, state));
    }
}

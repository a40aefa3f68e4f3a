using System.Text.Json;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Shared;

/// <summary>Scopes, proof keys, and the documents' JSON.</summary>
internal sealed class ScopeAndProofTests
{
    [TestCase(null, "")]
    [TestCase("", "")]
    [TestCase("b  a b", "a b")]
    [TestCase("A a", "A a", Description = "compared letter by letter")]
    [TestCase("ok qu\"ote back\\slash \u00E9 t\tab ok2", "ok ok2")]
    public void Scopes_are_words_without_order(string? text, string read) => ScopeSet.Format(ScopeSet.Parse(text)).Should().Be(read);

    [Test]
    public void Too_many_or_too_long_scopes_are_left_out()
    {
        ScopeSet.Parse(string.Join(' ', Enumerable.Range(0, 10_000))).Count.Should().Be(ScopeSet.MaxCount);
        ScopeSet.Parse(new string('a', ScopeSet.MaxLength + 1)).Should().BeEmpty();
    }

    [Test]
    [AuthorizationRequirement("CL16")]
    public void A_proof_key_is_random_and_its_challenge_is_the_one_of_the_standard()
    {
        // RFC 7636, appendix B.
        Pkce.ChallengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").Should().Be("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        Pkce.Fits("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").Should().BeTrue();
        Pkce.Fits("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").Should().BeFalse();

        var verifiers = Enumerable.Range(0, 100).Select(_ => Pkce.NewVerifier()).ToArray();
        verifiers.Should().OnlyHaveUniqueItems().And.OnlyContain(verifier => Pkce.IsVerifier(verifier));
    }

    [TestCase(42, false)]
    [TestCase(43, true)]
    [TestCase(128, true)]
    [TestCase(129, false)]
    public void A_verifier_has_a_length(int length, bool fits) => Pkce.IsVerifier(new string('a', length)).Should().Be(fits);

    [TestCase("""{"issuer":"a","Issuer":"b"}""", "a", Description = "letter by letter")]
    [TestCase("""{"issuer":"a","unknown":{"deep":[1]}}""", "a")]
    public void Documents_are_read_letter_by_letter_and_what_is_new_is_passed_over(string json, string issuer) =>
        JsonSerializer.Deserialize(json, OAuthJson.Wire.AuthorizationServerMetadata)!.Issuer.Should().Be(issuer);

    [TestCase("""{"issuer":"a","issuer":"b"}""", Description = "which of the two?")]
    [TestCase("""{"authorization_endpoint":"https://a"}""")]
    [TestCase("""{"issuer":null}""")]
    [TestCase("""{"issuer":"a","scopes_supported":"not a list"}""")]
    public void Documents_that_contradict_themselves_are_refused(string json) =>
        FluentActions.Invoking(() => JsonSerializer.Deserialize(json, OAuthJson.Wire.AuthorizationServerMetadata)).Should().Throw<JsonException>();
}

using System.Text;
using System.Text.Json.Nodes;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>What tokens are signed with, what is believed of them, and how they are given back.</summary>
public sealed class KeyTests
{
    [Test]
    public async Task Anybody_can_check_a_token_with_the_published_keys()
    {
        await using var world = await StartAsync();
        var token = JsonWebToken.Parse((await world.TokensAsync()).AccessToken);
        var answer = await world.GetAsync("/jwks");
        answer.Text.Should().NotContain("\"d\"", "that would be the private half");

        var keys = JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(answer.Text));
        token.IsSignedBy(keys.Keys.Single(key => key.KeyId == token.KeyId)).Should().BeTrue();
        token.Type.Should().Be("at+jwt");
        token.Algorithm.Should().Be("ES256");
        token.Payload.GetProperty("client_id").GetString().Should().Be("native");
        token.Payload.GetProperty("scope").GetString().Should().Be("notes:read");
        token.JwtId.Should().NotBeNullOrEmpty();
        token.IssuedAt.Should().NotBeNull();
    }

    [Test]
    public async Task Keys_change_now_and_then_and_the_old_one_stays_until_its_last_token_has_expired()
    {
        var time = new ManualTime();
        await using var world = await StartAsync(options => options with
        {
            TimeProvider = time,
            KeyLifetime = TimeSpan.FromDays(1),
            AccessTokenLifetime = TimeSpan.FromHours(2),
        });
        await world.TokensAsync();
        time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        await world.TokensAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        (await KeysAsync(world)).Should().HaveCount(2, "the next one is told of before it signs");
        time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        var old = await world.TokensAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        var fresh = await world.TokensAsync();

        var (oldKey, newKey) = (KeyOf(old), KeyOf(fresh));
        oldKey.Should().NotBe(newKey);
        (await KeysAsync(world)).Should().Equal(oldKey, newKey);
        await world.Server.Verifier.VerifyAsync(old.AccessToken);

        time.Advance(TimeSpan.FromHours(3));
        (await KeysAsync(world)).Should().Equal(newKey);
    }

    [Test]
    public async Task What_one_server_signs_the_others_on_its_store_believe_at_once_when_keys_change_too()
    {
        var time = new ManualTime();
        var options = Options with
        {
            TimeProvider = time,
            SignInAttempts = 100,
            KeyLifetime = TimeSpan.FromDays(1),
            Store = new InMemoryAuthorizationStore(time: time),
            Issuer = "http://127.0.0.1:3001",
        };
        await using var world = await StartAsync(_ => options);
        var other = new AuthorizationServer(options);
        var first = KeyOf(await world.TokensAsync());
        time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        string? last = null;
        for (var seconds = 0; seconds < 12 * 60; seconds += 20)
        {
            await other.Keys.PublicAsync(default);
            time.Advance(TimeSpan.FromSeconds(20));
            var tokens = await world.TokensAsync();
            await other.Verifier.VerifyAsync(tokens.AccessToken);
            last = KeyOf(tokens);
        }

        last.Should().NotBe(first);
    }

    [Test]
    public async Task A_clock_that_was_put_back_keeps_no_server_from_looking_at_what_the_others_did()
    {
        var (time, later) = (new ManualTime(), new ManualTime());
        var options = Options with { TimeProvider = time, Store = new InMemoryAuthorizationStore(), Issuer = "http://127.0.0.1:3001" };
        await using var world = await StartAsync(_ => options);
        await world.Server.Keys.PublicAsync(default);
        time.Jump(TimeSpan.FromDays(30));
        await world.Server.Keys.PublicAsync(default);
        time.Jump(-TimeSpan.FromDays(30));
        later.Advance(TimeSpan.FromDays(100));
        var other = new AuthorizationServer(options with { TimeProvider = later });
        var keys = await other.Keys.PublicAsync(default);
        keys.Keys.Should().HaveCount(2);

        time.Advance(TimeSpan.FromMinutes(1));

        (await world.Server.Keys.PublicAsync(default)).Keys.Should().HaveCount(2);
    }

    [Test]
    public async Task Servers_that_share_a_store_share_their_keys_and_their_grants()
    {
        var store = new InMemoryAuthorizationStore();
        var options = Options with { Store = store, Issuer = "http://127.0.0.1:3001" };
        await using var world = await StartAsync(_ => options);
        var other = new AuthorizationServer(options);
        var tokens = await world.TokensAsync();

        (await other.Verifier.VerifyAsync(tokens.AccessToken)).ClientId.Should().Be("native");
        (await world.PostAsync("/revoke", $"client_id=native&token={tokens.RefreshToken}")).Status.Should().Be(200);
        var use = async () => await other.Verifier.VerifyAsync(tokens.AccessToken);
        await use.Should().ThrowAsync<InvalidTokenException>();
    }

    [Test]
    [AuthorizationRequirement("AS14")]
    [Spec("2026-07-28 basic/authorization §Token Handling")]
    public async Task Only_access_tokens_that_this_server_signed_are_worth_anything()
    {
        await using var world = await StartAsync();
        var token = (await world.TokensAsync()).AccessToken;
        var own = await world.Server.Keys.SignerAsync(default);
        using var foreign = JwtSigner.NewEcdsa(own.KeyId);
        var claims = JsonNode.Parse(JsonWebToken.Parse(token).Payload.GetRawText())!.AsObject();
        var parts = token.Split('.');
        var tampered = $"{parts[0]}.{Base64(claims.ToJsonString().Replace("notes:read", "notes:rule", StringComparison.Ordinal))}.{parts[2]}";
        var unsigned = $"{Base64("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.";

        foreach (var wrong in new[]
        {
            tampered, unsigned, "", "a.b.c", new string('x', 20_000), foreign.Sign(claims, "at+jwt"), own.Sign(claims, "JWT"),
            own.Sign(With(claims, "iss", "https://evil.example"), "at+jwt"), own.Sign(With(claims, "grant_id", "unknown"), "at+jwt"),
            own.Sign(With(claims, "exp", null), "at+jwt"),
        })
        {
            var use = async () => await world.Server.Verifier.VerifyAsync(wrong);
            (await use.Should().ThrowAsync<InvalidTokenException>()).Which.Message.Should().MatchRegex("^[ -~]+$").And.NotContain(parts[2]);
        }

        (await world.Server.Verifier.VerifyAsync(token)).Scopes.Should().Equal("notes:read");
    }

    [Test]
    public async Task Either_token_given_back_ends_both()
    {
        await using var world = await StartAsync();
        foreach (var pick in new Func<TokenResponse, string>[] { tokens => tokens.AccessToken, tokens => tokens.RefreshToken! })
        {
            var tokens = await world.TokensAsync();
            var answer = await world.PostAsync("/revoke", $"client_id=native&token_type_hint=whatever&token={pick(tokens)}");
            answer.Status.Should().Be(200);
            answer.Text.Should().BeEmpty();

            var use = async () => await world.Server.Verifier.VerifyAsync(tokens.AccessToken);
            await use.Should().ThrowAsync<InvalidTokenException>().WithMessage("*revoked*");
            (await world.RefreshAsync(tokens.RefreshToken)).Error.Should().Be("invalid_grant");
        }
    }

    [Test]
    public async Task A_token_that_is_none_is_gone_already_and_that_of_another_client_stays()
    {
        await using var world = await StartAsync();
        (await world.PostAsync("/revoke", "client_id=native&token=unknown")).Status.Should().Be(200);
        (await world.PostAsync("/revoke", "client_id=native")).Error.Should().Be("invalid_request");
        (await world.PostAsync("/revoke", "client_id=nobody&token=unknown")).Status.Should().Be(401);

        var tokens = await world.TokensAsync();
        (await world.PostAsync("/revoke", $"client_id=web&token={tokens.RefreshToken}")).Error.Should().Be("unauthorized_client");
        (await world.RefreshAsync(tokens.RefreshToken)).Status.Should().Be(200);
    }

    private static JsonObject With(JsonObject claims, string name, string? value)
    {
        var changed = claims.DeepClone().AsObject();
        changed.Remove(name);
        if (value is not null)
            changed[name] = value;
        return changed;
    }

    private static string Base64(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string? KeyOf(TokenResponse tokens) => JsonWebToken.Parse(tokens.AccessToken).KeyId;

    private static async Task<IEnumerable<string?>> KeysAsync(SmallWorld world) =>
        (await world.GetAsync("/jwks")).Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString());
}

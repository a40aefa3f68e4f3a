using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>Refresh tokens, which are good once.</summary>
public sealed class RefreshTests
{
    [Test]
    [Spec("2026-07-28 basic/authorization/security-considerations §Token Theft", 2, AtEveryRevision = true)]
    [AuthorizationRequirement("AS12")]
    public async Task Each_refresh_gives_a_new_refresh_token()
    {
        await using var world = await StartAsync();
        var first = await world.TokensAsync();
        var second = (await world.RefreshAsync(first.RefreshToken)).Tokens;
        var third = (await world.RefreshAsync(second.RefreshToken)).Tokens;

        new[] { first.RefreshToken, second.RefreshToken, third.RefreshToken }.Should().OnlyHaveUniqueItems();
        var access = await world.Server.Verifier.VerifyAsync(third.AccessToken);
        access.Scopes.Should().Equal("notes:read");
        access.Audiences.Should().Equal(Resource);
    }

    [Test]
    [AuthorizationRequirement("AS12")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Token Theft", 2, AtEveryRevision = true)]
    public async Task An_old_one_that_comes_again_ends_everything_however_old_it_is()
    {
        await using var world = await StartAsync();
        var first = await world.TokensAsync();
        var newest = first;
        for (var refresh = 0; refresh < 40; refresh++)
            newest = (await world.RefreshAsync(newest.RefreshToken)).Tokens;

        var reuse = await world.RefreshAsync(first.RefreshToken);
        reuse.Error.Should().Be("invalid_grant");
        reuse.Json.GetProperty("error_description").GetString().Should().Contain("Sign in again");

        (await world.RefreshAsync(newest.RefreshToken)).Error.Should().Be("invalid_grant");
        var use = async () => await world.Server.Verifier.VerifyAsync(newest.AccessToken);
        await use.Should().ThrowAsync<InvalidTokenException>().WithMessage("*revoked*");
    }

    [Test]
    [AuthorizationRequirement("AS12")]
    public async Task Of_two_who_come_at_once_one_is_a_thief()
    {
        await using var world = await StartAsync();
        var tokens = await world.TokensAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.RefreshAsync(tokens.RefreshToken)));
        answers.Count(answer => answer.Status == 200).Should().BeLessThanOrEqualTo(1);
        answers.Where(answer => answer.Status == 200).Should().OnlyContain(answer => world.RefreshAsync(answer.Tokens.RefreshToken, "").Result.Status == 400);
    }

    [Test]
    public async Task Nobody_ends_a_grant_with_a_token_that_he_made_up_or_that_is_anothers()
    {
        await using var world = await StartAsync();
        var tokens = await world.TokensAsync();
        var forged = tokens.RefreshToken![..^4] + (tokens.RefreshToken.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBA" : "AAAA");
        foreach (var wrong in new[] { forged, "made-up", tokens.RefreshToken + "x", "", "%ff" })
            (await world.RefreshAsync(wrong)).Status.Should().Be(400);
        (await world.PostAsync("/token", $"grant_type=refresh_token&client_id=web&refresh_token={tokens.RefreshToken}")).Error.Should().Be("invalid_grant");

        (await world.RefreshAsync(tokens.RefreshToken)).Status.Should().Be(200);
    }

    [Test]
    public async Task It_may_ask_for_less_and_later_for_all_again_but_never_for_more()
    {
        await using var world = await StartAsync();
        var tokens = await world.TokensAsync(("scope", "notes:read notes:write"));
        var less = (await world.RefreshAsync(tokens.RefreshToken, "&scope=notes:read")).Tokens;
        less.Scope.Should().Be("notes:read");
        var all = (await world.RefreshAsync(less.RefreshToken)).Tokens;
        all.Scope.Should().Be("notes:read notes:write");
        (await world.RefreshAsync(all.RefreshToken, "&scope=admin")).Error.Should().Be("invalid_scope");
        (await world.RefreshAsync(all.RefreshToken, "&resource=https://other.example/mcp")).Error.Should().Be("invalid_target");
        (await world.RefreshAsync(all.RefreshToken, $"&resource={Resource}")).Status.Should().Be(200);
    }

    [Test]
    [AuthorizationRequirement("AS12")]
    public async Task Both_tokens_expire_and_the_refresh_token_each_time_anew()
    {
        var time = new ManualTime();
        await using var world = await StartAsync(options => options with { TimeProvider = time });
        var first = await world.TokensAsync();
        time.Advance(TimeSpan.FromDays(20));
        var use = async () => await world.Server.Verifier.VerifyAsync(first.AccessToken);
        await use.Should().ThrowAsync<InvalidTokenException>().WithMessage("*expired*");

        var second = (await world.RefreshAsync(first.RefreshToken)).Tokens;
        time.Advance(TimeSpan.FromDays(20));
        var third = (await world.RefreshAsync(second.RefreshToken)).Tokens;
        time.Advance(TimeSpan.FromDays(30));
        (await world.RefreshAsync(third.RefreshToken)).Error.Should().Be("invalid_grant");
    }

    [Test]
    public async Task A_refresh_token_that_lives_shorter_than_the_access_token_is_refused_in_time()
    {
        var time = new ManualTime();
        await using var world = await StartAsync(options => options with { TimeProvider = time, RefreshTokenLifetime = TimeSpan.FromMinutes(5) });
        var tokens = await world.TokensAsync();
        time.Advance(TimeSpan.FromMinutes(5));
        (await world.RefreshAsync(tokens.RefreshToken)).Error.Should().Be("invalid_grant");
        (await world.Server.Verifier.VerifyAsync(tokens.AccessToken)).ClientId.Should().Be("native");
    }
}

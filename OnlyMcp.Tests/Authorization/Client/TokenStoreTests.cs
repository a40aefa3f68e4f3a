using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>What every store of tokens does.</summary>
[TestFixture("memory")]
[TestFixture("files")]
[AuthorizationRequirement("CL29")]
public sealed class TokenStoreTests(string kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("onlymcp-tokens-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    [Spec("2026-07-28 basic/authorization §Refresh Tokens", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("CL29", "CL30")]
    public async Task What_was_saved_is_found_as_it_was_and_what_comes_later_takes_its_place()
    {
        var store = Open();
        var tokens = New("one") with
        {
            TokenType = "DPoP",
            ExpiresAt = new DateTimeOffset(2026, 11, 21, 20, 0, 0, 123, TimeSpan.Zero),
            RefreshToken = "refresh \"ü\u0001",
            Scopes = ["a", "b:c"],
            RequestedScopes = ["a", "b:c", "d"],
            ObtainedAt = new DateTimeOffset(2026, 11, 21, 19, 0, 0, TimeSpan.FromHours(1)),
            SignInId = "sign-in",
            Registration = new() { Issuer = "https://login.example.com", ClientId = "client", ClientSecret = "s", RedirectUris = ["http://127.0.0.1:1/"] },
            ProofKey = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----",
        };

        await store.SaveAsync(tokens);
        (await store.FindAsync(Key())).Should().BeEquivalentTo(tokens);

        await store.SaveAsync(New("two"));
        (await store.FindAsync(Key())).Should().BeEquivalentTo(New("two"), because: "nothing of the one before it is left");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location", 3, AtEveryRevision = true)]
    public async Task Tokens_of_one_issuer_client_resource_or_profile_are_no_other_ones()
    {
        var store = Open();
        await store.SaveAsync(New("mine"));
        TokenKey[] others =
        [
            Key() with { Issuer = "https://login.example.com/" }, Key() with { Issuer = "HTTPS://login.example.com" },
            Key() with { ClientId = "Client" }, Key() with { Resource = "https://mcp.example.com/mcp/" }, Key() with { Profile = "" },
            Key() with { ClientId = "clienthttps://mcp", Resource = ".example.com/mcp" },
        ];

        foreach (var other in others)
        {
            (await store.FindAsync(other)).Should().BeNull($"{other} is another");
            await store.SaveAsync(New("theirs", other));
            await store.RemoveAsync(other);
        }

        (await store.FindAsync(Key()))!.AccessToken.Should().Be("mine");
    }

    [Test]
    public async Task The_tokens_saved_last_for_a_resource_and_profile_are_found_whoever_issued_them()
    {
        var store = Open();
        var (old, fresh) = (Key() with { Issuer = "https://old.example.com" }, Key() with { Issuer = "https://new.example.com", ClientId = "new" });
        (await store.FindLatestAsync(old.Resource, old.Profile)).Should().BeNull();
        await store.SaveAsync(New("old", old));
        await store.SaveAsync(New("new", fresh));
        await store.SaveAsync(New("of another profile", Key() with { Profile = "another" }));
        await store.SaveAsync(New("of another resource", Key() with { Resource = "https://other.example.com/" }));

        (await LatestAsync()).Should().Be("new");
        await store.SaveAsync(New("old again", old));
        (await LatestAsync()).Should().Be("old again");
        await store.RemoveAsync(old);
        (await LatestAsync()).Should().Be("new");
        await store.RemoveAsync(fresh);
        (await LatestAsync()).Should().BeNull();

        async Task<string?> LatestAsync() => (await store.FindLatestAsync(Key().Resource, "default"))?.AccessToken;
    }

    [Test]
    public async Task What_is_removed_is_gone_and_what_is_not_there_may_be_removed()
    {
        var store = Open();
        await store.RemoveAsync(Key());
        await store.SaveAsync(New("one"));
        await store.RemoveAsync(Key());
        await store.RemoveAsync(Key());

        (await store.FindAsync(Key())).Should().BeNull();
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location", 3, AtEveryRevision = true)]
    public async Task Registrations_are_kept_by_issuer_and_profile()
    {
        var store = Open();
        var client = new ClientCredentials
        {
            Issuer = "https://login.example.com",
            ClientId = "registered",
            ClientSecret = "secret",
            AuthMethod = "client_secret_post",
            SecretExpiresAt = DateTimeOffset.UnixEpoch,
            RedirectUris = ["http://127.0.0.1:1455/callback"],
        };
        await store.SaveRegistrationAsync("default", client);
        await store.SaveRegistrationAsync("another", client with { ClientId = "of another" });

        (await store.FindRegistrationAsync(client.Issuer, "default")).Should().BeEquivalentTo(client);
        (await store.FindRegistrationAsync(client.Issuer, "another"))!.ClientId.Should().Be("of another");
        (await store.FindRegistrationAsync("https://login.example.com/", "default")).Should().BeNull();
        (await store.FindRegistrationAsync(client.Issuer, "third")).Should().BeNull();
        await store.RemoveRegistrationAsync(client.Issuer, "default");
        await store.RemoveRegistrationAsync(client.Issuer, "default");
        (await store.FindRegistrationAsync(client.Issuer, "default")).Should().BeNull();
        (await store.FindRegistrationAsync(client.Issuer, "another")).Should().NotBeNull();
        await store.Awaiting(s => s.SaveRegistrationAsync("default", client with { Issuer = null }).AsTask()).Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task One_at_a_time_has_a_key_locked_and_others_are_free()
    {
        var store = Open();
        var first = await store.LockAsync(Key());
        var second = store.LockAsync(Key()).AsTask();
        await using (await store.LockAsync(Key() with { Profile = "another" }))
            second.IsCompleted.Should().BeFalse();
        await store.SaveAsync(New("by the one who has it"));

        await first.DisposeAsync();
        await first.DisposeAsync();

        await using (await second.WaitAsync(Patience))
            (await store.FindAsync(Key()))!.AccessToken.Should().Be("by the one who has it");
    }

    [Test]
    public async Task Who_stops_waiting_for_a_lock_holds_nobody_up()
    {
        var store = Open();
        using var cancellation = new CancellationTokenSource();
        var first = await store.LockAsync(Key());
        var second = store.LockAsync(Key(), cancellation.Token).AsTask();
        var third = store.LockAsync(Key()).AsTask();

        await cancellation.CancelAsync();
        await second.Awaiting(task => task.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
        await first.DisposeAsync();

        await (await third.WaitAsync(Patience)).DisposeAsync();
    }

    [Test]
    public async Task A_token_that_is_good_for_one_use_is_used_once_by_many_at_once()
    {
        var store = Open();
        await store.SaveAsync(New("0"));
        List<string> presented = [];

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            await using var turn = await store.LockAsync(Key());
            var tokens = (await store.FindAsync(Key()))!;
            presented.Add(tokens.AccessToken);
            await store.SaveAsync(New($"{int.Parse(tokens.AccessToken, null) + 1}"));
        }))).WaitAsync(Patience);

        presented.Should().Equal(Enumerable.Range(0, 16).Select(i => $"{i}"));
    }

    [Test]
    public async Task As_many_are_kept_as_may_be_and_what_was_saved_first_goes()
    {
        var store = Open(maxEntries: 3);
        for (var i = 0; i < 5; i++)
        {
            await store.SaveAsync(New($"{i}", Key() with { ClientId = $"{i}" }));
            await store.SaveRegistrationAsync("default", new() { Issuer = $"https://{i}.example.com", ClientId = $"{i}" });
            await (await store.LockAsync(Key() with { ClientId = $"{i}" })).DisposeAsync();
            Age();
        }

        for (var i = 0; i < 5; i++)
        {
            (await store.FindAsync(Key() with { ClientId = $"{i}" }) is not null).Should().Be(i >= 2);
            (await store.FindRegistrationAsync($"https://{i}.example.com", "default") is not null).Should().Be(i >= 2);
        }

        Directory.EnumerateFiles(folder, "*.lock").Should().HaveCountLessThanOrEqualTo(5);
    }

    [Test]
    [AuthorizationRequirement("CL29", "CL30")]
    public async Task What_is_kept_says_nothing_of_its_secrets()
    {
        var tokens = New("SECRET") with { RefreshToken = "SECRET", ProofKey = "SECRET" };
        var client = new ClientCredentials { Issuer = "https://login.example.com", ClientId = "c", ClientSecret = "SECRET", PrivateKeyPem = "SECRET" };
        var store = Open();
        await store.SaveAsync(tokens);
        await store.SaveRegistrationAsync("default", client);

        $"{tokens} {client} {await store.FindAsync(Key())} {store} {new TokenFile { Tokens = tokens, Client = client }}".Should().NotContain("SECRET");
        Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName)
            .Should().NotContain(name => name!.Contains("example") || name.Contains("SECRET"));
    }

    private static TokenKey Key() => new("https://login.example.com", "client", "https://mcp.example.com/mcp", "default");

    private static StoredTokens New(string token, TokenKey? key = null) => new() { Key = key ?? Key(), AccessToken = token };

    private ITokenStore Open(int maxEntries = 1000) => kind == "memory" ? new InMemoryTokenStore(maxEntries) : new FileTokenStore(folder, maxEntries);

    /// <summary>Makes the files an hour older: some file systems count time in steps.</summary>
    private void Age()
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - TimeSpan.FromHours(1));
    }
}

using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>Who a client is to an authorization server.</summary>
[Spec("2026-07-28 basic/authorization §Client Registration")]
public sealed class RegistrarTests
{
    private const string Registers = "/register";

    private static readonly Uri Callback = new("http://127.0.0.1:4711/callback");
    private static readonly Uri Document = new("https://app.example.com/client.json");

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Pre-registration")]
    [AuthorizationRequirement("CL10", "CL11")]
    public async Task Credentials_of_the_host_come_before_everything_else()
    {
        await using var site = new Site().Put(Registers, Registered);
        ClientCredentials known = new() { ClientId = "known", ClientSecret = "s", Issuer = site.Origin };
        var options = Options() with { Clients = [new() { ClientId = "elsewhere", Issuer = "https://elsewhere" }, known], ClientIdMetadataDocument = Document };
        await options.Tokens.SaveRegistrationAsync("default", new() { ClientId = "kept", Issuer = site.Origin, RedirectUris = [Callback.OriginalString] });

        (await ClientForAsync(site, options, Plan(site, readsDocuments: true))).Should().BeSameAs(known);
        site.Calls.Should().BeEmpty();
    }

    [Test]
    [AuthorizationRequirement("CL11")]
    public async Task Credentials_without_an_issuer_are_for_whichever_server_is_found_and_come_after_those_with_it()
    {
        await using var site = new Site();
        ClientCredentials anywhere = new() { ClientId = "anywhere" };
        ClientCredentials here = new() { ClientId = "here", Issuer = site.Origin };

        (await ClientForAsync(site, Options() with { Clients = [anywhere] })).Should().BeSameAs(anywhere);
        (await ClientForAsync(site, Options() with { Clients = [anywhere, here] })).Should().BeSameAs(here);
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Authorization Server Binding", 2, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location", 4, AtEveryRevision = true)]
    [AuthorizationRequirement("CL15")]
    public async Task Credentials_for_another_server_are_an_error_and_not_shown_to_this_one()
    {
        await using var site = new Site().Put(Registers, Registered);
        var options = Options() with { Clients = [new() { ClientId = "elsewhere", ClientSecret = "s3cret", Issuer = site.Origin + "/" }] };

        var fault = await FailAsync(site, options);

        fault.Message.Should().Contain($"trusts the authorization server {site.Origin},").And.Contain($"credentials for {site.Origin}/ alone").And.NotContain("s3cret");
        site.Calls.Should().BeEmpty();
    }

    [Test]
    [AuthorizationRequirement("CL11")]
    public async Task Credentials_whose_redirect_is_another_are_an_error_before_anybody_is_sent_there()
    {
        await using var site = new Site();
        ClientCredentials other = new() { ClientId = "c", RedirectUris = ["http://127.0.0.1:1/other", "https://127.0.0.1:1/callback"] };
        ClientCredentials otherPort = other with { RedirectUris = ["http://127.0.0.1:1/callback"] };

        (await FailAsync(site, Options() with { Clients = [other] })).Message.Should().Contain(Callback.OriginalString).And.Contain("http://127.0.0.1:1/other");
        (await ClientForAsync(site, Options() with { Clients = [otherPort] })).Should().BeSameAs(otherPort, "a program cannot choose its port beforehand");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Advertising CIMD Support")]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("CL10", "CL12")]
    public async Task Where_documents_about_clients_are_read_the_address_of_ours_is_the_id()
    {
        await using var site = new Site().Put(Registers, Registered);
        var options = Options() with { ClientIdMetadataDocument = Document };
        await options.Tokens.SaveRegistrationAsync("default", new() { ClientId = "kept", Issuer = site.Origin, RedirectUris = [Callback.OriginalString] });

        var client = await ClientForAsync(site, options, Plan(site, readsDocuments: true));

        client.ClientId.Should().Be("https://app.example.com/client.json");
        client.Issuer.Should().BeNull("the id is the same everywhere");
        client.AuthMethod.Should().Be("none");
        site.Calls.Should().BeEmpty();
    }

    [Test]
    [AuthorizationRequirement("CL12")]
    public async Task A_key_for_the_document_is_used_where_such_documents_are_read_and_nowhere_else()
    {
        await using var site = new Site().Put(Registers, Registered);
        ClientCredentials keyed = new() { ClientId = Document.OriginalString, PrivateKeyPem = "pem" };
        var options = Options() with { ClientIdMetadataDocument = Document, Clients = [keyed] };

        (await ClientForAsync(site, options, Plan(site, readsDocuments: true))).Should().BeSameAs(keyed);
        (await ClientForAsync(site, options)).ClientId.Should().Be("client-1");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Advertising CIMD Support")]
    [AuthorizationRequirement("CL10")]
    public async Task Where_they_are_not_read_the_client_registers()
    {
        await using var site = new Site().Put(Registers, Registered);

        (await ClientForAsync(site, Options() with { ClientIdMetadataDocument = Document })).ClientId.Should().Be("client-1");
    }

    [TestCase("http://app.example.com/client.json", "plain http")]
    [TestCase("http://localhost/client.json", "plain http")]
    [TestCase("https://app.example.com", "no path")]
    [TestCase("https://app.example.com/", "no path")]
    [TestCase("https://app.example.com/client.json#x", "fragment")]
    [TestCase("https://user:pw@app.example.com/client.json", "user information")]
    [TestCase("https://app.example.com/a/../client.json", "dot segment")]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("CL12")]
    public async Task An_address_that_can_be_nobodys_id_is_the_hosts_mistake(string address, string reason)
    {
        await using var site = new Site();
        var asking = () => ClientForAsync(site, Options() with { ClientIdMetadataDocument = new Uri(address) }, Plan(site, readsDocuments: true));

        (await asking.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().Contain(reason);
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Authorization Server Binding", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("CL15")]
    public async Task A_registration_is_kept_and_used_again()
    {
        await using var site = new Site().Put(Registers, Registered);
        var options = Options();

        var first = await ClientForAsync(site, options);
        var second = await ClientForAsync(site, options);

        second.Should().Be(first);
        (await options.Tokens.FindRegistrationAsync(site.Origin, "default")).Should().Be(first);
        site.Asked.Should().Equal("POST /register");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Authorization Server Binding", 1, 2, 3, AtEveryRevision = true)]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location", 3, 4, AtEveryRevision = true)]
    [AuthorizationRequirement("CL4", "CL15")]
    public async Task Another_authorization_server_gets_a_registration_of_its_own()
    {
        await using var old = new Site().Put(Registers, Registered);
        await using var next = new Site().Put(Registers, Registered);
        var options = Options();
        await ClientForAsync(old, options);

        var client = await ClientForAsync(next, options);

        client.Issuer.Should().Be(next.Origin);
        next.Calls.Single().Body.Should().NotContain("client-1");
        (await options.Tokens.FindRegistrationAsync(old.Origin, "default"))!.Issuer.Should().Be(old.Origin);
    }

    [Test]
    [AuthorizationRequirement("CL15")]
    public async Task A_store_that_mixes_servers_up_is_not_believed()
    {
        await using var site = new Site().Put(Registers, Registered);
        var options = Options() with { Tokens = new Muddled() };
        await options.Tokens.SaveRegistrationAsync("default", new() { ClientId = "other", Issuer = "https://other", RedirectUris = [Callback.OriginalString] });

        (await ClientForAsync(site, options)).ClientId.Should().Be("client-1");
    }

    [Test]
    public async Task Another_profile_is_another_client()
    {
        await using var site = new Site().Put(Registers, Registered);
        var options = Options();
        await ClientForAsync(site, options);
        await ClientForAsync(site, options with { Profile = "bob" });

        site.Calls.Should().HaveCount(2);
    }

    [Test]
    public async Task A_registration_with_another_redirect_is_made_anew()
    {
        await using var site = new Site().Put(Registers, Registered);
        var options = Options();
        await ClientForAsync(site, options);
        await ClientForAsync(site, options, redirectUri: new Uri("http://127.0.0.1:4712/callback"));

        site.Calls.Select(call => call.Json.GetProperty("redirect_uris")[0].GetString()).Should().Equal("http://127.0.0.1:4711/callback", "http://127.0.0.1:4712/callback");
    }

    [Test]
    public async Task A_registration_whose_secret_ends_before_anybody_has_signed_in_is_made_anew()
    {
        var time = new ManualTime();
        await using var site = new Site().Put(Registers, """{"client_id":"c","client_secret":"s","client_secret_expires_at":3600}""");
        var options = Options();
        await ClientForAsync(site, options, time: time);
        time.Advance(TimeSpan.FromMinutes(49));
        await ClientForAsync(site, options, time: time);
        site.Calls.Should().HaveCount(1);

        time.Advance(TimeSpan.FromMinutes(1));
        await ClientForAsync(site, options, time: time);
        site.Calls.Should().HaveCount(2);
    }

    [TestCase("http://app.example.com/callback", "plain http")]
    [TestCase("com.example.app:/callback", "'com.example.app'")]
    [TestCase("http://localhost/callback#x", "fragment")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 3, AtEveryRevision = true)]
    [Spec("2025-03-26 basic/authorization §Security Considerations", 4)]
    [AuthorizationRequirement("G3")]
    public async Task A_sign_in_comes_back_to_https_or_this_machine(string redirectUri, string reason)
    {
        await using var site = new Site().Put(Registers, Registered);

        (await FailAsync(site, Options(), redirectUri: new Uri(redirectUri))).Message.Should().Contain(reason);
        site.Calls.Should().BeEmpty();
    }

    [Test]
    [Spec("2026-07-28 basic/authorization §Client Registration", 1, AtEveryRevision = true)]
    [Spec("2025-03-26 basic/authorization §Dynamic Client Registration")]
    [AuthorizationRequirement("CL10")]
    public async Task Where_there_is_no_way_left_the_host_is_told_what_to_do()
    {
        await using var site = new Site();
        var closed = Plan(site) with { Server = Plan(site).Server with { RegistrationEndpoint = null } };

        (await FailAsync(site, Options(), closed)).Message.Should().Contain("does not let clients register themselves").And.Contain("does not read documents")
            .And.Contain(Callback.OriginalString).And.Contain("ClientAuthorization.Clients");
        (await FailAsync(site, Options() with { RegistersDynamically = false }, Plan(site, readsDocuments: true))).Message.Should()
            .Contain("ClientAuthorization.RegistersDynamically forbids").And.Contain("ClientAuthorization.ClientIdMetadataDocument names none");
    }

    private static string Registered => """{"client_id":"client-1"}""";

    private static ClientAuthorization Options() => new() { Tokens = new InMemoryTokenStore() };

    private static AuthorizationPlan Plan(Site site, bool readsDocuments = false) => new()
    {
        Server = new AuthorizationServerMetadata
        {
            Issuer = site.Origin,
            RegistrationEndpoint = site.Origin + Registers,
            ClientIdMetadataDocumentSupported = readsDocuments ? true : null,
        },
    };

    private static async Task<ClientCredentials> ClientForAsync(
        Site site, ClientAuthorization options, AuthorizationPlan? plan = null, Uri? redirectUri = null, TimeProvider? time = null)
    {
        using var http = new GuardedHttp(site.Mcp, options, TimeProvider.System);
        return await new Registrar(http, options, time ?? TimeProvider.System).ClientForAsync(plan ?? Plan(site), redirectUri ?? Callback, [], default);
    }

    private static async Task<AuthorizationException> FailAsync(
        Site site, ClientAuthorization options, AuthorizationPlan? plan = null, Uri? redirectUri = null)
    {
        var asking = () => ClientForAsync(site, options, plan, redirectUri);
        var fault = (await asking.Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.Registration);
        return fault;
    }

    /// <summary>Returns whatever was saved last, whoever asks.</summary>
    private sealed class Muddled : ITokenStore
    {
        private ClientCredentials? last;

        public ValueTask<ClientCredentials?> FindRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default) => new(last);

        public ValueTask SaveRegistrationAsync(string profile, ClientCredentials client, CancellationToken cancellationToken = default)
        {
            last = client;
            return default;
        }

        public ValueTask RemoveRegistrationAsync(string issuer, string profile, CancellationToken cancellationToken = default) => default;

        public ValueTask<StoredTokens?> FindAsync(TokenKey key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<StoredTokens?> FindLatestAsync(string resource, string profile, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask SaveAsync(StoredTokens tokens, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask RemoveAsync(TokenKey key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IAsyncDisposable> LockAsync(TokenKey key, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}

using OnlyMcp.Client;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;
using ClientCredentialsGrant = OnlyMcp.Client.Authorization.ClientCredentialsGrant;

namespace OnlyMcp.Tests.Guide;

/// <summary>The code of docs/guide/authorization.md: each region stands there, and runs here.</summary>
public sealed class AuthorizationPage
{
    [Test]
    public async Task A_server_guards_itself_in_five_lines_and_a_client_signs_in_to_it()
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}/";
        using var stopping = new CancellationTokenSource();
        var stop = stopping.Token;
        var serving = ServeAsync();

        serving.IsFaulted.Should().BeFalse(serving.Exception?.ToString());
        using var person = new HeadlessSignIn();
        (await AskAsync()).Should().Be("alice");
        person.SignIns.Should().Be(1);

        await stopping.CancelAsync();
        await serving;

        async Task ServeAsync()
        {
            #region first
            var server = new McpServer("notes", "1.0.0");
            server.AddTool("whoami", "Says who asks", (RequestContext context) => context.Principal!.FindFirst("sub")!.Value);
            var people = new AuthorizationServer(new() { SignInAsync = (name, word, _) => new(word == "secret" ? new SignedInUser(name) : null) });
            server.RequireAuthorization(o => o.AuthorizationServer = people);
            await server.RunHttpAsync(address, cancellationToken: stop);
            #endregion
        }

        async Task<string> AskAsync()
        {
            #region client
            ISignIn browser = new BrowserSignIn();
            #endregion
            browser = person.InBrowser();
            #region client
            await using var client = await McpClient.ConnectAsync(address + "mcp", new McpClientOptions
            {
                Authorization = new ClientAuthorization { ClientName = "My program", SignIn = browser },
            });
            var me = await client.CallToolAsync("whoami");
            #endregion
            return me.Text;
        }
    }

    [Test]
    public async Task Tokens_come_from_elsewhere_and_tools_need_scopes()
    {
        var people = new AuthorizationServer(new()
        {
            Issuer = $"http://127.0.0.1:{FreePort.Next()}",
            Resources = ["https://mcp.example.com/mcp"],
            Scopes = new Dictionary<string, string> { ["notes"] = "Read your notes", ["notes:erase"] = "Erase your notes" },
            SignInAsync = (name, _, _) => new(new SignedInUser(name)),
        });
        await using var elsewhere = new McpHttpHost(new McpServer("none", "1.0.0"), people.Issuer + "/") { OtherPaths = people.HandleAsync };
        await elsewhere.StartAsync();
        var issuer = people.Issuer;
        var server = new McpServer("notes", "1.0.0");

        #region scopes
        server.AddTool("read", "Reads the notes", () => "milk, eggs");
        server.AddTool("erase", "Erases the notes", [McpScopes("notes:erase")] () => "Nothing is left.");
        #endregion

        #region elsewhere
        server.RequireAuthorization(o =>
        {
            o.AuthorizationServers = [issuer];
            o.Scopes = ["notes"];
        });
        await using var host = new McpHttpHost(server, "http://127.0.0.1:0/", new McpHttpOptions { PublicBaseAddress = new Uri("https://mcp.example.com") });
        #endregion

        await host.StartAsync();
        using var http = new HttpClient();
        using var refused = await http.PostAsync(new Uri(host.Address, "mcp"), new StringContent("{}", null, "application/json"));
        ((int)refused.StatusCode).Should().Be(401);
        refused.Headers.WwwAuthenticate.ToString().Should().Contain("https://mcp.example.com/.well-known/oauth-protected-resource/mcp");
        var document = await http.GetStringAsync(new Uri(host.Address, "/.well-known/oauth-protected-resource/mcp"));
        document.Should().Contain(issuer).And.Contain("https://mcp.example.com/mcp");
    }

    [Test]
    public async Task Other_ways_to_sign_in_and_none_at_all()
    {
        var folder = Directory.CreateTempSubdirectory("onlymcp-guide-").FullName;
        var secret = "s";
        Func<Uri, CancellationToken, ValueTask<Uri>> bring = (_, _) => new(new Uri("https://app.example.com/callback?code=c&state=s"));
        Func<Uri, CancellationToken, ValueTask> show = (_, _) => default;
        Func<string?, CancellationToken, ValueTask<string?>> read = (_, _) => new("http://127.0.0.1:8765/callback?code=c&state=s");

        #region ways
        // A program without a browser: the person opens the address elsewhere, and pastes the one at which the browser ends up.
        var pasted = new PastedSignIn(new Uri("http://127.0.0.1:8765/callback"), show, read);

        // A host with windows of its own: brings its browser to the address, and returns the one at which it ends up.
        var hosted = new DelegateSignIn(new Uri("https://app.example.com/callback"), bring);

        // Tokens that outlive the process, in files that nobody else can read.
        var kept = new FileTokenStore(folder);
        #endregion

        var asked = new Uri("https://login.example.com/authorize?state=s");
        foreach (ISignIn way in new ISignIn[] { pasted, hosted })
        {
            await using var attempt = await way.BeginAsync();
            (await attempt.SignInAsync(asked)).Query.Should().Contain("code=c").And.Contain("state=s");
        }

        (await kept.FindLatestAsync("https://mcp.example.com/mcp", "default")).Should().BeNull();
        var machine = new ClientAuthorization
        {
            #region machines
            // A program for itself, with its own credentials.
            Grant = new ClientCredentialsGrant(),
            Clients = [new ClientCredentials { Issuer = "https://login.example.com", ClientId = "nightly", ClientSecret = secret }],
            #endregion
        };
        machine.Clients.Single().ClientSecret.Should().Be("s");
        Directory.Delete(folder, recursive: true);
    }
}

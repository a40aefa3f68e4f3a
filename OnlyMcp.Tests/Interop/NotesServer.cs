using System.Text.Json;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Tests.Interop;

/// <summary>A guarded server of ours: <c>whoami</c> for every token with mcp:use, <c>write</c> for those with notes:write too.</summary>
internal sealed class NotesServer : IAsyncDisposable
{
    private readonly McpHttpHost host;

    private NotesServer(McpHttpHost host) => this.host = host;

    public string Url => new Uri(host.Address, "/mcp").AbsoluteUri;

    public static async Task<NotesServer> StartAsync(Action<AuthorizationOptions> configure)
    {
        var server = new McpServer("notes", "1.0.0");
        server.AddTool("whoami", "Says whose token came", (RequestContext context) => context.Principal!.FindFirst("sub")!.Value);
        server.AddTool("write", "Needs a scope of its own", [McpScopes("notes:write")] () => "written");
        server.RequireAuthorization(o =>
        {
            o.Scopes = ["mcp:use"];
            o.ListsEverything = true;
            configure(o);
        });
        var host = new McpHttpHost(server, "http://127.0.0.1:0/");
        await host.StartAsync();
        return new NotesServer(host);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}

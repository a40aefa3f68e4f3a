// A server under Kestrel that takes one token, "good", for the subject ann. Writes its address, and ends with its input.
using System.Security.Claims;
using KestrelServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OnlyMcp.Server;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Server.Http;

var server = new McpServer("kestrel", "1.0.0");
server.AddTool("whoami", "Says who asks", (RequestContext context) => context.Principal!.FindFirst("sub")!.Value);
server.RequireAuthorization(o =>
{
    o.AuthorizationServers = [OneToken.Issuer];
    o.Audiences = [OneToken.Audience];
    o.Verifier = new OneToken();
});

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
await using var app = builder.Build();
McpHttpHandler? handler = null;
app.Run(async context =>
{
    if (!await handler!.HandleAsync(new KestrelExchange(context), context.RequestAborted))
        context.Response.StatusCode = StatusCodes.Status404NotFound;
});
await app.StartAsync();
handler = new McpHttpHandler(server, new McpHttpOptions { PublicBaseAddress = new Uri(app.Urls.Single()) });
Console.WriteLine(app.Urls.Single());
await Console.In.ReadToEndAsync();
await handler.StopAsync();

/// <summary>Knows one token by heart.</summary>
internal sealed class OneToken : ITokenVerifier
{
    public const string Issuer = "https://login.example.com";
    public const string Audience = "urn:kestrel";

    public ValueTask<AccessToken> VerifyAsync(string token, CancellationToken cancellationToken) => token == "good"
        ? new(new AccessToken
        {
            Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "ann", null, Issuer)], "test")),
            Issuer = Issuer,
            Audiences = [Audience],
            Scopes = new HashSet<string>(),
        })
        : throw new InvalidTokenException("Nobody knows this token.");
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OnlyMcp.LoadDriver.Servers;

// The same as RawHttpServer, on the other listener that .NET has.
using var channel = await SideChannel.ConnectAsync(args[0]);
byte[] answer = [];

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
await using var app = builder.Build();
app.Run(AnswerAsync);
await app.StartAsync();

await channel.SendAsync(app.Urls.Single());
answer = Convert.FromBase64String(await channel.ReceiveAsync());
await channel.SendAsync("ready");
await channel.AnswerAsync();

async Task AnswerAsync(HttpContext context)
{
    var body = context.Request.BodyReader;
    while (true)
    {
        var read = await body.ReadAsync();
        body.AdvanceTo(read.Buffer.End);
        if (read.IsCompleted)
            break;
    }

    context.Response.ContentType = "application/json";
    context.Response.ContentLength = answer.Length;
    await context.Response.Body.WriteAsync(answer);
}

using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>The calculator and weather server over HTTP: one, started when first needed, for all peers at the same time.</summary>
[SetUpFixture]
public sealed class SampleOverHttp
{
    private static readonly Lazy<Task<SampleServer>> Server = new(() => SamplePrograms.StartServerAsync());

    /// <summary>Where a client of Streamable HTTP (<c>http</c>) or of HTTP+SSE (<c>sse</c>) connects.</summary>
    public static async Task<Uri> AddressAsync(string transport) => new((await Server.Value).At(transport == "sse" ? "sse" : "mcp"));

    [OneTimeTearDown]
    public static async Task EndAsync()
    {
        if (Server.IsValueCreated)
            await (await Server.Value).DisposeAsync();
    }
}

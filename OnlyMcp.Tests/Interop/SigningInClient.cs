using System.Text.Json.Nodes;
using System.Web;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OnlyMcp.Tests.Support;
using SdkClient = ModelContextProtocol.Client.McpClient;

namespace OnlyMcp.Tests.Interop;

/// <summary>What came of a client by others that signed in and called tools.</summary>
/// <param name="Texts">What the tools answered, or which error came.</param>
/// <param name="SignIns">How often the person was asked.</param>
/// <param name="WasKnown">Whether its client id was what such a client has.</param>
internal sealed record SignedInCalls(string Version, string[] Texts, int SignIns, bool WasKnown);

/// <summary>A client by others that signs in, and the revision that it then speaks.</summary>
public sealed record SigningInClient(string Peer, string Spoken)
{
    private const string Document = "https://client.example/peer.json";

    public static IEnumerable<SigningInClient> All { get; } =
    [
        new("ts-auth-v1.mjs", "2025-11-25"),
        new("ts-auth-v2.mjs", "2025-11-25"),
        new("ts-auth-v2.mjs", "2026-07-28"),
        new("csharp-sdk", "2025-06-18"),
        new("csharp-sdk", "2026-07-28"),
    ];

    /// <summary>What an authorization server by others is told of such a client; see oidc-provider.mjs.</summary>
    internal static JsonObject ForProvider(KnownAs how) => how switch
    {
        KnownAs.Document => new() { ["documents"] = new JsonObject { [Document] = MetadataOf(Document) } },
        KnownAs.Registered => [],
        _ => new() { ["clients"] = new JsonArray(MetadataOf("known")) },
    };

    /// <summary>Connects, signs in as ada, and calls the tools one after the other.</summary>
    internal Task<SignedInCalls> CallAsync(string url, KnownAs how, params string[] tools) =>
        Peer == "csharp-sdk" ? CallWithCSharpAsync(url, how, tools) : CallWithTypeScriptAsync(url, how, tools);

    public override string ToString() => $"{Peer}, {Spoken}";

    private async Task<SignedInCalls> CallWithTypeScriptAsync(string url, KnownAs how, string[] tools)
    {
        var order = new JsonObject
        {
            ["url"] = url,
            ["name"] = "ada",
            ["password"] = KnownClient.Password,
            ["calls"] = new JsonArray([.. tools.Select(tool => new JsonObject { ["name"] = tool })]),
        };
        if (Spoken == "2026-07-28")
            order["revision"] = Spoken;
        if (how == KnownAs.Document)
            order["metadataUrl"] = Document;
        if (how == KnownAs.Public)
            order["client"] = new JsonObject { ["client_id"] = "known" };

        var report = await Peers.RunClientAsync(Peer, order.ToJsonString());
        var texts = report.GetProperty("calls").EnumerateArray().Select(call => call.TryGetProperty("result", out var result)
            ? result.GetProperty("content")[0].GetProperty("text").GetString()!
            : call.GetProperty("error").GetRawText());
        var wasKnown = KnownClient.Fits(how, report.GetProperty("clientId").GetString(), Document);
        return new SignedInCalls(report.GetProperty("protocolVersion").GetString()!, [.. texts], report.GetProperty("signIns").GetInt32(), wasKnown);
    }

    private async Task<SignedInCalls> CallWithCSharpAsync(string url, KnownAs how, string[] tools)
    {
        using var person = new HeadlessSignIn("ada", KnownClient.Password);
        var transport = new HttpClientTransport(new()
        {
            Endpoint = new Uri(url),
            TransportMode = HttpTransportMode.StreamableHttp,
            OAuth = new ClientOAuthOptions
            {
                RedirectUri = KnownClient.Callback,
                ClientId = how == KnownAs.Public ? "known" : null,
                ClientMetadataDocumentUri = how == KnownAs.Document ? new Uri(Document) : null,
                AuthorizationCallbackHandler = async (asked, cancellationToken) =>
                {
                    var query = HttpUtility.ParseQueryString((await person.SignInAsync(asked.AuthorizationUri, cancellationToken)).Query);
                    return new AuthorizationResult { Code = query["code"], State = query["state"], Iss = query["iss"] };
                },
            },
        });
        await using var client = await SdkClient.CreateAsync(transport, new() { ProtocolVersion = Spoken });
        List<string> texts = [];
        foreach (var tool in tools)
            texts.Add((await client.CallToolAsync(tool)).Content.OfType<TextContentBlock>().Single().Text);
        var wasKnown = KnownClient.Fits(how, HttpUtility.ParseQueryString(person.Steps[0].Uri.Query)["client_id"], Document);
        return new SignedInCalls(client.NegotiatedProtocolVersion!, [.. texts], person.SignIns, wasKnown);
    }

    private static JsonObject MetadataOf(string id) => new()
    {
        ["client_id"] = id,
        ["client_name"] = "peer",
        ["application_type"] = "native",
        ["token_endpoint_auth_method"] = "none",
        ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
        ["response_types"] = new JsonArray("code"),
        ["redirect_uris"] = new JsonArray(KnownClient.Callback.AbsoluteUri),
    };
}

using System.Diagnostics;
using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;

namespace OnlyMcp.Protocol.Middleware;

/// <summary>What a request is aimed at: a tool, a prompt or a resource.</summary>
internal readonly record struct RequestTarget(string Tag, string Value)
{
    private const string Tool = "gen_ai.tool.name";
    private const string Resource = "mcp.resource.uri";
    private const int Most = 1024;

    public static RequestTarget? Of(JsonRpcRequest request) => request.Method switch
    {
        Methods.ToolsCall => Find(request, "name", Tool),
        Methods.PromptsGet => Find(request, "name", "gen_ai.prompt.name"),
        Methods.ResourcesRead or Methods.ResourcesSubscribe or Methods.ResourcesUnsubscribe => Find(request, "uri", Resource),
        _ => null,
    };

    /// <summary>Whether there are few enough of its kind for a name of spans and a dimension of metrics.</summary>
    public bool IsOneOfFew => Tag != Resource;

    public void Describe(ref TagList tags)
    {
        tags.Add(Tag, Value);
        if (Tag == Tool)
            tags.Add("gen_ai.operation.name", "execute_tool");
    }

    private static RequestTarget? Find(JsonRpcRequest request, string member, string tag)
    {
        var reader = new Utf8JsonReader(request.Params.ToUtf8().Span);
        if (request.Params.IsAbsent || !reader.Read())
            return null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(member);
            reader.Read();
            if (found)
                return reader.TokenType == JsonTokenType.String ? new RequestTarget(tag, Bounded(reader.GetString()!)) : null;
            reader.Skip();
        }

        return null;
    }

    private static string Bounded(string text) => text.Length <= Most ? text : text[..Most];
}

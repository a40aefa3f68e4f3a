using System.Text;
using System.Text.Json.Nodes;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>Answers of different servers: their forms differ, what they say must not.</summary>
internal static class Answers
{
    /// <exception cref="InvalidDataException">They do not say the same.</exception>
    public static void MustAgree(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> model, string server)
    {
        if (Said(answer) != Said(model) || Said(answer).Length == 0)
            throw new InvalidDataException($"{server} answers something else than ours: {Encoding.UTF8.GetString(answer)}");
    }

    /// <summary>The id, and the text of a call's result, the names of a list, or else the server's name.</summary>
    private static string Said(ReadOnlySpan<byte> answer)
    {
        var message = JsonNode.Parse(answer)!;
        if (message["result"] is not { } result)
            return "";

        IEnumerable<JsonNode?> said = (result["content"], result["tools"]) switch
        {
            (JsonArray content, _) => content.Select(part => part!["text"]),
            (_, JsonArray tools) => tools.Select(tool => tool!["name"]),
            _ => [result["serverInfo"]?["name"] ?? result["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"]],
        };
        return string.Join('\n', said.Prepend(message["id"]).Select(value => value?.ToJsonString()));
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;

namespace Host;

/// <summary>
/// A server's tools, pretty, each as the server wrote it: <see cref="McpClient.ListToolsAsync"/> would give what OnlyMcp knows of a
/// tool, in OnlyMcp's order.
/// </summary>
internal static class ToolList
{
    private static readonly JsonSerializerOptions Pretty = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Letters as letters, not as \u00e9.
    };

    public static async Task<string> ReadAsync(McpClient client)
    {
        List<JsonElement> tools = [];
        HashSet<string> cursors = [];
        string? cursor = null;
        do
        {
            var question = JsonBody.Of(new ListToolsRequestParams { Cursor = cursor }, McpJson.Wire.ListToolsRequestParams);
            var page = (await client.SendRequestAsync("tools/list", question)).ToElement();
            tools.AddRange(page.GetProperty("tools").EnumerateArray());
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null && cursors.Add(cursor));
        return JsonSerializer.Serialize(new { tools }, Pretty);
    }
}

using System.Text.Json;

namespace OnlyMcp.Server;

// Spec: 2026-07-28 basic §_meta
public sealed partial class RequestContext
{
    /// <summary>
    /// Whether both sides speak an extension of the protocol: the client said so, and <see cref="McpServerOptions.Extensions"/> does.
    /// </summary>
    /// <param name="id">Its identifier, such as <c>com.example/hats</c>.</param>
    public bool HasExtension(string id) => ClientExtension(id) is not null && Server.Options.Extensions.ContainsKey(id);

    /// <summary>The settings with which the client speaks an extension, an object; null if it does not speak it.</summary>
    /// <param name="id">Its identifier, such as <c>com.example/hats</c>.</param>
    public JsonElement? ClientExtension(string id) => ClientCapabilities.Extensions?.TryGetValue(id, out var settings) == true ? settings : null;
}

using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OnlyMcp.Server.Tools.SchemaGeneration;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class SchemaJson : JsonSerializerContext;

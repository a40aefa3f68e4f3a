using System.Text.Json.Serialization;

namespace OnlyMcp.Protocol.Authorization;

/// <summary>How the records of this namespace become JSON and back: <c>JsonSerializer.Serialize(metadata, OAuthJson.Wire.ProtectedResourceMetadata)</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    MaxDepth = 32)]
[JsonSerializable(typeof(ProtectedResourceMetadata))]
[JsonSerializable(typeof(AuthorizationServerMetadata))]
[JsonSerializable(typeof(ClientMetadata))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(OAuthError))]
public sealed partial class OAuthJson : JsonSerializerContext
{
    /// <summary>
    /// Names in snake case, letter by letter; null is left out; a member that stands twice is refused. A number may be read out of a string,
    /// for some servers write "3600".
    /// </summary>
    public static OAuthJson Wire => Default;
}

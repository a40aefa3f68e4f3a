using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnlyMcp.Client.Authorization;

/// <summary>What one file of a <see cref="FileTokenStore"/> holds: tokens, or a registration.</summary>
internal sealed record TokenFile
{
    private const int Known = 1;

    /// <summary>How the rest is to be read.</summary>
    public int Version { get; init; } = Known;

    /// <summary>Greater than that of all tokens for the same resource and profile that were saved before.</summary>
    public long Order { get; init; }

    /// <summary>The tokens, with what they are kept by.</summary>
    public StoredTokens? Tokens { get; init; }

    /// <summary>Whose registration it is.</summary>
    public string? Profile { get; init; }

    /// <summary>The registration.</summary>
    public ClientCredentials? Client { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static TokenFile Parse(byte[] json, bool isRegistration)
    {
        var file = JsonSerializer.Deserialize(json, TokenFileJson.Default.TokenFile);
        return file is { Version: Known } && file.IsWhole(isRegistration) ? file : throw new JsonException("It is no such file.");
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="ArgumentException">It is larger than any token is.</exception>
    public byte[] ToJson()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, TokenFileJson.Default.TokenFile);
        return json.Length <= TokenFolder.MaxBytes
            ? json
            : throw new ArgumentException($"What is to be kept has {json.Length} bytes; no more than {TokenFolder.MaxBytes} are.");
    }

    /// <summary>Without what it holds: it may stand in a log.</summary>
    public override string ToString() => Tokens is null ? "a registration" : "tokens";

    private bool IsWhole(bool isRegistration) => isRegistration
        ? Client is not null && Profile is not null && IsWhole(Client)
        : Order is >= 0 and < long.MaxValue
            && Tokens is { Key: { Issuer: not null, ClientId: not null, Resource: not null, Profile: not null } }
            && IsWhole(Tokens.Scopes) && IsWhole(Tokens.RequestedScopes)
            && (Tokens.Registration is null || IsWhole(Tokens.Registration));

    private static bool IsWhole(ClientCredentials client) => IsWhole(client.RedirectUris) && IsWhole(client.Scopes);

    /// <summary>What JSON is read into need not be what its type says.</summary>
    private static bool IsWhole(IReadOnlyList<string?>? list) => list?.All(item => item is not null) == true;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(TokenFile))]
internal sealed partial class TokenFileJson : JsonSerializerContext;

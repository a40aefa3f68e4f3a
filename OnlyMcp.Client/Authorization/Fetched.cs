using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Protocol.Transport;

namespace OnlyMcp.Client.Authorization;

/// <summary>What a server of authorization answered: whatever its status, and whole, or the beginning of an error.</summary>
internal sealed record Fetched(Uri Uri, int Status, string? ContentType, byte[] Body, HttpResponseHeaders Headers)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public bool IsJson => IsOf("application/json") || ContentType?.EndsWith("+json", StringComparison.OrdinalIgnoreCase) == true;

    public bool IsWebPage => IsOf("text/html");

    /// <summary>The body as what it should be.</summary>
    /// <param name="type">What it should be.</param>
    /// <param name="step">What it was asked for.</param>
    /// <param name="what">What it should be, in words, such as "the authorization server's metadata".</param>
    /// <exception cref="AuthorizationException">It is something else.</exception>
    public T Read<T>(JsonTypeInfo<T> type, AuthorizationStep step, string what)
        where T : class
    {
        if (!IsJson)
            throw new AuthorizationException(step, $"{what} was expected of {GuardedHttp.Show(Uri)} as application/json, and {this} came.");

        try
        {
            return JsonSerializer.Deserialize(Body, type)
                ?? throw new AuthorizationException(step, $"{what} was expected of {GuardedHttp.Show(Uri)}, and the JSON value null came.");
        }
        catch (JsonException fault)
        {
            // The text itself may hold a secret; the fault tells the place and the member alone.
            throw new AuthorizationException(
                step, $"{what} cannot be read from what {GuardedHttp.Show(Uri)} answered: {Words(fault)}.", fault);
        }
    }

    /// <summary>The refusal in the words of OAuth; null if it is none.</summary>
    public OAuthError? ReadError()
    {
        try
        {
            return IsSuccess || !IsJson ? null : JsonSerializer.Deserialize(Body, OAuthJson.Wire.OAuthError);
        }
        catch (JsonException)
        {
            return null; // Then the status tells it, with the beginning of the body.
        }
    }

    /// <summary>What came, in words. Of the body, only an error or a web page is shown: anything else may hold a secret.</summary>
    public override string ToString()
    {
        var body = Body.Length == 0 ? "an empty body" : ContentType is { } type ? AuthorizationException.Cite(type) : "of no type";
        var isShown = Body.Length > 0 && (!IsSuccess || IsWebPage);
        return $"HTTP {Status}, {body}{(isShown ? $", which begins: {ProtocolFaultException.Excerpt(Body, 200)}" : "")}";
    }

    private bool IsOf(string type) => type.Equals(ContentType, StringComparison.OrdinalIgnoreCase);

    private static string Words(JsonException fault) => fault.Path is { Length: > 0 } path and not "$"
        ? $"the value at {AuthorizationException.Cite(path)} is missing or of another kind"
        : "it is no such JSON object";
}

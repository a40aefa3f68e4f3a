using System.Text.Json;
using System.Web;
using OnlyMcp.Server.Http;
using PersonalDb.Accounts;
using PersonalDb.Store;

namespace PersonalDb.Rest;

/// <summary>A request to a route.</summary>
/// <param name="http">The exchange itself.</param>
/// <param name="values">What stands in the variable parts of the route's path.</param>
/// <param name="user">Who is signed in; null on a route that is open to all.</param>
internal sealed class RestRequest(HttpExchange http, IReadOnlyList<string> values, User? user)
{
    public HttpExchange Http => http;

    public User User => user ?? throw new InvalidOperationException("This route is open to all: nobody need be signed in.");

    /// <summary>The variable parts of the path.</summary>
    public IReadOnlyList<string> Values => values;

    /// <summary>A value of the query; null if it is not there, or empty.</summary>
    public string? Query(string name) => HttpUtility.ParseQueryString(http.Query)[name] is { Length: > 0 } value ? value : null;

    /// <exception cref="RestException">The body is no JSON object, too long or too slow.</exception>
    public ValueTask<JsonElement> ReadBodyAsync(CancellationToken cancellationToken) => RestBody.ReadAsync(http, cancellationToken);
}

internal static class JsonMembers
{
    /// <summary>A text of an object; null if it is not there, empty, or no text.</summary>
    public static string? Text(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>An object within an object; null if it is not there, or no object.</summary>
    public static JsonElement? Object(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;
}

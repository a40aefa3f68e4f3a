using System.Net;

namespace OnlyMcp.Client.Authorization;

/// <summary>What an authorization server says in the address that the browser comes back to. Nothing of it is trusted yet.</summary>
/// <remarks>
/// RFC 6749 §4.1.2, and the <c>iss</c> of RFC 9207.
/// Spec: 2026-07-28 basic/authorization §Authorization Response Validation
/// </remarks>
internal sealed record AuthorizationResponse
{
    private const int MaxLength = 16 * 1024;
    private const int MaxParameters = 50;

    /// <summary>What the token is asked for with; null if it refuses. Never logged.</summary>
    public string? Code { get; init; }

    /// <summary>What our request carried, if this is an answer to it.</summary>
    public string? State { get; init; }

    /// <summary>Who says that it answers. MUST: compared as it is, without any normalization.</summary>
    public string? Issuer { get; init; }

    /// <summary>Why it refuses, in a word that programs know; null if it agrees.</summary>
    public string? Error { get; init; }

    /// <summary>Why, for developers.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>A page about it.</summary>
    public string? ErrorUri { get; init; }

    /// <summary>Reads the address that the browser came back to.</summary>
    /// <exception cref="AuthorizationException">It holds no answer; the message says why, in none of its words.</exception>
    public static AuthorizationResponse Parse(Uri callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var query = callback.IsAbsoluteUri ? callback.Query : callback.OriginalString;
        return WhatIsWrongWith(query, out var response) is { } wrong
            ? throw new AuthorizationException(
                AuthorizationStep.SignIn, $"The browser came back without an answer that can be read: {wrong}. Sign in again.")
            : response;
    }

    /// <summary>Reads a query, with or without its question mark; says in words what keeps it from being an answer, or null.</summary>
    public static string? WhatIsWrongWith(string query, out AuthorizationResponse response)
    {
        response = new();
        if (query.Length > MaxLength)
            return $"it is longer than {MaxLength} characters";

        var parameters = query.TrimStart('?').Split('&', MaxParameters + 1, StringSplitOptions.RemoveEmptyEntries);
        if (parameters.Length > MaxParameters)
            return $"it has more than {MaxParameters} parameters";

        foreach (var parameter in parameters)
        {
            var (name, value) = Decode(parameter);
            if (value.Length == 0)
                continue; // RFC 6749 §3.1: as if it were not there.
            if (response.Has(name))
                return $"'{name}' stands in it twice";
            response = response.With(name, value);
        }

        return response switch
        {
            { Code: null, Error: null } => "it has neither a code nor an error",
            { Code: not null, Error: not null } => "it has a code and an error at once",
            _ => null,
        };
    }

    /// <summary>The <c>state</c> of a request; null if it has none. Ours is the last: an endpoint may have parameters of its own.</summary>
    public static string? StateOf(Uri address) => address.Query.TrimStart('?').Split('&').Select(Decode)
        .Where(parameter => parameter.Name == "state" && parameter.Value.Length > 0).Select(parameter => parameter.Value).LastOrDefault();

    /// <summary>Without its code: it may stand in a log.</summary>
    public override string ToString() => Error is null ? "a code" : $"the error '{AuthorizationException.Cite(Error)}'";

    private static (string Name, string Value) Decode(string parameter)
    {
        var parts = parameter.Split('=', 2);
        return (WebUtility.UrlDecode(parts[0]), parts.Length == 2 ? WebUtility.UrlDecode(parts[1]) : "");
    }

    private bool Has(string name) => name switch
    {
        "code" => Code is not null,
        "state" => State is not null,
        "iss" => Issuer is not null,
        "error" => Error is not null,
        "error_description" => ErrorDescription is not null,
        "error_uri" => ErrorUri is not null,
        _ => false,
    };

    private AuthorizationResponse With(string name, string value) => name switch
    {
        "code" => this with { Code = value },
        "state" => this with { State = value },
        "iss" => this with { Issuer = value },
        "error" => this with { Error = value },
        "error_description" => this with { ErrorDescription = value },
        "error_uri" => this with { ErrorUri = value },
        _ => this,
    };
}

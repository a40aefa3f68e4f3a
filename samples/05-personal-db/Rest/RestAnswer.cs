namespace PersonalDb.Rest;

/// <summary>What a route answers.</summary>
/// <param name="Body">Becomes JSON.</param>
/// <param name="Status">The HTTP status.</param>
internal sealed record RestAnswer(object Body, int Status = 200)
{
    /// <summary>Headers beside those that every answer has.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static RestAnswer Created(object body) => new(body, 201);

    /// <summary>An answer that says what is wrong.</summary>
    public static RestAnswer Problem(int status, string description) => new(new { title = TitleOf(status), description }, status);

    private static string TitleOf(int status) => status switch
    {
        400 => "400 Bad Request",
        401 => "401 Unauthorized",
        403 => "403 Forbidden",
        404 => "404 Not Found",
        405 => "405 Method Not Allowed",
        409 => "409 Conflict",
        413 => "413 Content Too Large",
        415 => "415 Unsupported Media Type",
        429 => "429 Too Many Requests",
        500 => "500 Internal Server Error",
        503 => "503 Service Unavailable",
        507 => "507 Insufficient Storage",
        _ => $"{status}",
    };
}

/// <summary>A request is answered with a problem, wherever in its handling that turns out.</summary>
internal sealed class RestException(int status, string description) : Exception(description)
{
    public int Status { get; } = status;
}

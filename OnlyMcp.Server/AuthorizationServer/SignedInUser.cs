namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>A person who has shown who he is.</summary>
/// <param name="Subject">Names the person among all of this server's, for ever: an id rather than a name that may change hands.</param>
/// <param name="Name">What the person is called on the pages; the subject if null.</param>
public sealed record SignedInUser(string Subject, string? Name = null)
{
    /// <summary>The scopes that the person has to give; all of the server's if null.</summary>
    public IReadOnlyCollection<string>? Scopes { get; init; }
}

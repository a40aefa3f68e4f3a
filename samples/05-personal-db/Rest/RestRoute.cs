using System.Diagnostics.CodeAnalysis;

namespace PersonalDb.Rest;

/// <summary>Answers one verb of one route.</summary>
internal delegate ValueTask<RestAnswer> RestHandler(RestRequest request, CancellationToken cancellationToken);

/// <summary>A path, such as <c>/api/schemas/*</c> where <c>*</c> stands for any one part, and what each verb does there.</summary>
internal sealed record RestRoute(string Path, IReadOnlyDictionary<string, RestHandler> Verbs)
{
    private readonly string[] parts = Path.Split('/');

    /// <summary>Whether it can be used without being signed in.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether a path is this one; what stands in its variable parts.</summary>
    public bool TryMatch(string path, [NotNullWhen(true)] out IReadOnlyList<string>? values)
    {
        var given = path.Split('/');
        var fits = given.Length == parts.Length
            && given.Zip(parts).All(pair => pair.Second == pair.First || (pair.Second == "*" && pair.First != ""));
        values = fits ? [.. given.Zip(parts).Where(pair => pair.Second == "*").Select(pair => pair.First)] : null;
        return fits;
    }
}

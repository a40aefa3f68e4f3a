using System.Reflection;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.House.Conformance;

/// <param name="Number">Its group (G both sides, RS the server, CL the client, AS the authorization server) and its number there.</param>
/// <param name="Words">What it asks, in words of ours.</param>
/// <param name="Gap">Why no test shows it: one of the reasons of <see cref="MustGap"/>, and what it means here; null if one can.</param>
internal sealed record AuthorizationRequirement(string Number, string Words, (string Reason, string Words)? Gap)
{
    private static readonly ILookup<string, string> Tests =
        TestsIn(typeof(AuthorizationRequirement).Assembly).ToLookup(test => test.Number, test => test.Name);

    public static IReadOnlyList<AuthorizationRequirement> All =>
        field ??= [.. File.ReadLines(Path.Combine(MustIndex.Folder, "authorization-requirements.tsv")).Select(Parse)];

    /// <summary>The numbers that tests name, whether or not they are in the list.</summary>
    public static IEnumerable<string> Named => Tests.Select(test => test.Key);

    /// <summary>The tests that show it, each once, by name.</summary>
    public IEnumerable<string> Shown => Tests[Number].Distinct().Order(StringComparer.Ordinal);

    public bool IsOpen => Gap is null && !Shown.Any();

    // number, words, and for a gap: reason, words
    public static AuthorizationRequirement Parse(string line) => line.Split('\t') switch
    {
        [var number, var words] => new(number, words, null),
        [var number, var words, var reason, var gap] => new(number, words, (reason, gap)),
        _ => throw new FormatException($"A requirement has two cells with a tab between them, or four where it has a gap: {line}"),
    };

    public override string ToString() => (Gap, Shown.ToArray()) switch
    {
        ({ } gap, _) => $"{Number}. {Words}. **{gap.Reason}**: {gap.Words}.",
        (_, []) => $"{Number}. {Words}. **{MustGap.NotYet}**",
        (_, var tests) => $"{Number}. {Words}. {string.Join(", ", tests.Select(name => $"`{name}`"))}",
    };

    private static IEnumerable<(string Number, string Name)> TestsIn(Assembly assembly) =>
        from type in assembly.GetTypes()
        from member in type.GetMethods().Where(method => method.DeclaringType == type).Cast<MemberInfo>().Append(type)
        from number in member.GetCustomAttribute<AuthorizationRequirementAttribute>()?.Numbers ?? []
        select (number, member is Type ? type.Name : $"{type.Name}.{member.Name}");
}

using System.Collections;
using System.Reflection;
using NUnit.Framework.Interfaces;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;
using OnlyMcp.Tests.Transcripts;

namespace OnlyMcp.Tests.House.Conformance;

/// <param name="Citation">The heading that it is about.</param>
/// <param name="Musts">Which MUSTs below the heading it shows.</param>
/// <param name="Name">Of the test.</param>
/// <param name="Revisions">The revisions at which it runs, as far as its cases say.</param>
internal sealed record Proof(string Citation, int[] Musts, string Name, IReadOnlySet<string> Revisions);

/// <summary>What stands for the rules: the tests with their [Spec], the transcripts with their lines "# Spec: citation, ordinal, ordinal".</summary>
internal static class Evidence
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy;

    private static readonly HashSet<string> EveryRevision = KnownRevisions.All.Select(revision => revision.Version).ToHashSet();

    public static IReadOnlyList<Proof> All => field ??= [.. OfTests(), .. Transcript.All.SelectMany(OfTranscript)];

    private static ILookup<MustPlace, Must> Equal => field ??= MustIndex.All.ToLookup(must => must.Same);

    private static ILookup<MustPlace, Proof> ByPlace =>
        field ??= All.SelectMany(proof => proof.Musts, (proof, must) => (Place: new MustPlace(proof.Citation, must), Proof: proof)).ToLookup(pair => pair.Place, pair => pair.Proof);

    /// <summary>
    /// What shows this MUST: where it stands, or where the same rule stands, if that is in the same source or the test runs at this
    /// revision too.
    /// </summary>
    public static IEnumerable<string> For(Must must) => Equal[must.Same]
        .SelectMany(other => ByPlace[other.Place].Where(proof => other.Place.Source == must.Place.Source || proof.Revisions.Contains(must.Place.Revision)))
        .Select(proof => proof.Name)
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static IEnumerable<Proof> OfTests() =>
        from type in typeof(Evidence).Assembly.GetTypes()
        from member in type.GetMethods().Where(method => method.DeclaringType == type).Cast<MemberInfo>().Append(type)
        from spec in member.GetCustomAttributes<SpecAttribute>()
        let revisions = spec.AtEveryRevision ? EveryRevision : spec.Musts.Length == 0 ? [] : RevisionsOf(member, type)
        select new Proof(spec.Citation, spec.Musts, member is Type ? type.Name : $"{type.Name}.{member.Name}", revisions);

    private static IEnumerable<Proof> OfTranscript(Transcript transcript) => transcript.Cited
        .Select(citation => new Proof(citation.Heading, citation.Musts, $"Transcripts/{transcript}", new HashSet<string> { transcript.Revision }));

    /// <summary>The revisions that a test's cases name: a way, a revision, or its date.</summary>
    private static HashSet<string> RevisionsOf(MemberInfo test, Type type) => CasesOf(test, type)
        .Select(value => value switch
        {
            Way way => way.Revision.Version,
            Revision revision => revision.Version,
            string text => text,
            _ => "",
        })
        .Where(EveryRevision.Contains)
        .ToHashSet();

    private static IEnumerable<object?> CasesOf(MemberInfo test, Type type)
    {
        var parameters = test is MethodInfo method ? method.GetParameters() : [];
        return type.GetCustomAttributes<TestFixtureSourceAttribute>().SelectMany(source => Values(source.SourceType ?? type, source.SourceName))
            .Concat(test.GetCustomAttributes<TestCaseSourceAttribute>().SelectMany(source => Values(source.SourceType ?? type, source.SourceName)))
            .Concat(test.GetCustomAttributes<TestCaseAttribute>().SelectMany(given => given.Arguments))
            .Concat(parameters.SelectMany(parameter => parameter.GetCustomAttributes<ValueSourceAttribute>()).SelectMany(source => Values(source.SourceType ?? type, source.SourceName)));
    }

    private static IEnumerable<object?> Values(Type type, string? name)
    {
        var member = type.GetMember(name ?? "", Static).Single();
        var values = member switch
        {
            PropertyInfo property => property.GetValue(null),
            FieldInfo field => field.GetValue(null),
            _ => ((MethodInfo)member).Invoke(null, null),
        };
        return ((IEnumerable)values!).Cast<object?>().SelectMany(Arguments);
    }

    private static IEnumerable<object?> Arguments(object? given) => given switch
    {
        ITestData data => data.Arguments,
        object?[] many => many,
        _ => [given],
    };
}

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.House;

/// <summary>The invariants of ARCHITECTURE.md, held against the code.</summary>
public sealed partial class InvariantTests
{
    private static readonly string[] FeatureFolders =
        ["OnlyMcp.Server/Features", "OnlyMcp.Server/Tools", "OnlyMcp.Server/Prompts", "OnlyMcp.Server/Resources", "OnlyMcp.Server/Completions"];

    [Test]
    public void Features_do_not_know_the_revision_the_era_or_the_transport()
    {
        Rule rule = file => Mentions(file, "Modern", "Legacy", "Revisions", "Http", "Stdio");
        rule.ShouldHold(SourceTree.In(FeatureFolders), "a feature is written once, for all of them");
        rule.ShouldCatch("OnlyMcp.Server/Features/X.cs", "using OnlyMcp.Server.Legacy;");
    }

    [Test]
    public void Modern_and_legacy_do_not_know_each_other()
    {
        Rule modern = file => Mentions(file, "Legacy");
        Rule legacy = file => Mentions(file, "Modern");
        modern.ShouldHold(SourceTree.Libraries.Where(file => file.IsIn("Modern")), "an era must be removable");
        legacy.ShouldHold(SourceTree.Libraries.Where(file => file.IsIn("Legacy")), "an era must be removable");
        modern.ShouldCatch("OnlyMcp.Server/Modern/X.cs", "using OnlyMcp.Server.Legacy;");
    }

    [Test]
    public void Outside_Legacy_only_the_lists_name_what_is_inside()
    {
        string[] lists = ["OnlyMcp.Server/McpServer.cs", "OnlyMcp.Protocol/Schema/McpJson.cs", "OnlyMcp.Client/Eras/ClientEras.cs"];
        Rule rule = file => lists.Contains(file.Path) || file.IsIn("Legacy") ? [] : Mentions(file, "Legacy");
        rule.ShouldHold(SourceTree.Libraries, "the past is deleted with its folder and its line in a list");
        rule.ShouldCatch("OnlyMcp.Server/RequestContext.cs", "using OnlyMcp.Server.Legacy;");
    }

    [Test]
    public void The_date_of_a_revision_stands_in_its_own_file_alone()
    {
        Rule rule = file => file.IsIn("Revisions") ? [] : RevisionDate().Matches(file.Code).Select(match => match.Value);
        rule.ShouldHold(SourceTree.Libraries, "code asks a named fact, not a date");
        rule.ShouldCatch("OnlyMcp.Server/X.cs", "if (version == \"2025-06-18\") // 2025-06-18");
    }

    [Test]
    public void No_code_compares_two_revisions_by_order()
    {
        Rule rule = file => OrderOfVersions().Matches(file.Code).Select(match => match.Value);
        rule.ShouldHold(SourceTree.Libraries, "a version that is not in the list is unknown, not later");
        rule.ShouldCatch("X.cs", "string.CompareOrdinal(a.Version, b.Version) > 0");
    }

    [Test]
    public void One_place_on_each_side_chooses_the_era()
    {
        Rule rule = file => file.Path.EndsWith("/Eras/EraSelector.cs", StringComparison.Ordinal) || file.Path.EndsWith("/Eras/EraProbe.cs", StringComparison.Ordinal)
            ? []
            : Regex.Matches(file.Code, @"\bEraSelector\s*\{|class\s+\w*(EraSelector|EraProbe)\b").Select(match => match.Value);
        rule.ShouldHold(SourceTree.Libraries, "two choosers could disagree");
        rule.ShouldCatch("OnlyMcp.Server/X.cs", "class OtherEraSelector");
    }

    [Test]
    [Spec("2026-07-28 server/tools §Tool", 2, AtEveryRevision = true)]
    public void Nothing_is_decided_by_what_a_tool_says_of_itself()
    {
        Rule rule = file => Regex.Matches(file.Code, @"\b(ReadOnly|Destructive|Idempotent|OpenWorld)Hint\b").Select(match => match.Value);
        rule.ShouldHold(SourceTree.In("OnlyMcp.Client"), "annotations are a stranger's words; a program that trusts their server may read them");
        rule.ShouldCatch("OnlyMcp.Client/X.cs", "if (tool.Annotations?.ReadOnlyHint == true)");
    }

    [Test]
    public void HttpListener_is_named_by_its_host_and_the_listener_for_redirects_alone()
    {
        Rule rule = file => file.Path is "OnlyMcp.Client/Authorization/RedirectListener.cs" || file.Path.StartsWith("OnlyMcp.Server/Http/HttpListener", StringComparison.Ordinal)
            ? []
            : Regex.Matches(file.CodeWithoutStrings, @"\bHttpListener(Context|Request|Response|Exception)?\b").Select(match => match.Value);
        rule.ShouldHold(SourceTree.Libraries, "the rules of HTTP hold under any server");
        rule.ShouldCatch("OnlyMcp.Server/Http/McpHttpHandler.cs", "HttpListenerContext context");
        rule.ShouldCatch("OnlyMcp.Client/Authorization/BrowserSignIn.cs", "HttpListenerRequest request");
    }

    [Test]
    public void Protocol_needs_no_package_and_does_no_input_or_output()
    {
        var references = typeof(JsonRpcMessage).Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToArray();
        references.Should().OnlyContain(name => name.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard");

        // Primitives are addresses as values (for the formats ipv4 and ipv6), not sockets.
        references.Should().NotContain(name => name.StartsWith("System.Net", StringComparison.Ordinal) && name != "System.Net.Primitives");
        references.Should().NotContain("System.Diagnostics.Process");
    }

    [Test]
    public void Server_and_client_do_not_reference_each_other()
    {
        ReferencesOf(typeof(OnlyMcp.Server.McpServer)).Should().NotContain("OnlyMcp.Client");
        Assembly.Load("OnlyMcp.Client").GetReferencedAssemblies().Select(name => name.Name).Should().NotContain("OnlyMcp.Server");
    }

    [Test]
    public void Schema_has_no_behaviour()
    {
        var methods = typeof(JsonRpcMessage).Assembly.GetExportedTypes()
            .Where(type => type.Namespace?.StartsWith("OnlyMcp.Protocol.Schema", StringComparison.Ordinal) == true && !type.IsEnum)
            .Where(type => !typeof(JsonSerializerContext).IsAssignableFrom(type) && !typeof(JsonConverter).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && method.Name != "<Clone>$");

        methods.Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Should().BeEmpty("records only say what a message holds");
    }

    [Test]
    public void Every_revision_states_every_fact()
    {
        KnownRevisions.All.Should().HaveCount(5).And.OnlyHaveUniqueItems(revision => revision.Version);
        foreach (var fact in typeof(Revision).GetProperties())
            fact.IsDefined(typeof(RequiredMemberAttribute)).Should().BeTrue($"{fact.Name} must not compile until all five state it");
    }

    private static IEnumerable<string> Mentions(SourceFile file, params string[] folders) => folders
        .SelectMany(folder => Regex.Matches(file.Code, $@"\bOnlyMcp\.\w+(\.\w+)*\.{folder}\b").Where(match => !file.Code.Contains("namespace " + match.Value, StringComparison.Ordinal)))
        .Select(match => match.Value);

    private static IEnumerable<string?> ReferencesOf(Type type) => type.Assembly.GetReferencedAssemblies().Select(name => name.Name);

    [GeneratedRegex(@"20(24-11-05|25-03-26|25-06-18|25-11-25|26-07-28)")]
    private static partial Regex RevisionDate();

    [GeneratedRegex(@"Compare\w*\([^)]*Version[^)]*\)|\.Version\.CompareTo")]
    private static partial Regex OrderOfVersions();
}

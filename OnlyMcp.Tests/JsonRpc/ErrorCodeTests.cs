using System.Reflection;
using System.Text.RegularExpressions;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.House;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.JsonRpc;

public sealed class ErrorCodeTests
{
    /// <summary>What the specification gives a meaning: JSON-RPC's own, those that it defines, and two that older revisions defined.</summary>
    private static readonly int[] Defined = [-32700, -32600, -32601, -32602, -32603, -32020, -32021, -32022, -32002, -32042];

    [Test]
    [Spec("2026-07-28 basic §Error Codes", 1, 3)]
    public void The_library_has_the_codes_of_the_specification_and_none_of_its_own()
    {
        var codes = typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!);
        codes.Where(code => code is >= -32768 and <= -32000).Should().BeEquivalentTo(Defined, "JSON-RPC reserves this range");

        Rule rule = file => file.IsIn("Revisions") || file.Path == "OnlyMcp.Protocol/JsonRpc/ErrorCode.cs"
            ? []
            : Regex.Matches(file.CodeWithoutStrings, @"-\s*32[067]\d\d\b").Select(match => match.Value);
        rule.ShouldHold(SourceTree.Libraries, "a code is written by its name");
        rule.ShouldCatch("X.cs", "Code == -32002");
    }

    [Test]
    [Spec("2026-07-28 basic §Error Codes", 4, 5)]
    public void The_codes_of_older_revisions_are_named_where_older_revisions_are()
    {
        Rule rule = file => file.IsIn("Revisions") || file.IsIn("Legacy") || file.Path.StartsWith("OnlyMcp.Client/", StringComparison.Ordinal)
            || file.Path is "OnlyMcp.Protocol/JsonRpc/ErrorCode.cs" or "OnlyMcp.Server/UrlElicitationRequiredException.cs" // which asks, in the modern era
            ? []
            : Regex.Matches(file.Code, @"ErrorCode\.(ResourceNotFound|UrlElicitationRequired)").Select(match => match.Value);
        rule.ShouldHold(SourceTree.Libraries, "2026-07-28 sends neither");
        rule.ShouldCatch("OnlyMcp.Server/Features/X.cs", "ErrorCode.ResourceNotFound");
        KnownRevisions.V20260728.ResourceNotFoundCode.Should().Be(ErrorCode.InvalidParams);
    }
}

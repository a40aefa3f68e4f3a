using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;

namespace OnlyMcp.Tests.JsonSchemas;

/// <summary>Reads the files of the official suite and runs what they hold.</summary>
internal static class OfficialSuite
{
    /// <summary>The documents that the suite's references name, under the address at which it pretends to serve them.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Remotes(string suite)
    {
        var folder = Path.Combine(suite, "remotes");
        return Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).ToDictionary(
            file => "http://localhost:1234/" + Path.GetRelativePath(folder, file).Replace('\\', '/'),
            Read);
    }

    public static IEnumerable<SuiteResult> Run(string folder, JsonSchemaOptions options)
        => from file in Directory.EnumerateFiles(folder, "*.json").Order()
           from set in Read(file).EnumerateArray()
           from test in set.GetProperty("tests").EnumerateArray()
           select Run(Path.GetFileName(file), set, test, options);

    private static SuiteResult Run(string file, JsonElement set, JsonElement test, JsonSchemaOptions options)
    {
        var name = $"{file}: {set.GetProperty("description").GetString()}: {test.GetProperty("description").GetString()}";
        try
        {
            var schema = JsonSchema.Parse(set.GetProperty("schema"), options);
            var (data, expected) = (test.GetProperty("data"), test.GetProperty("valid").GetBoolean());

            // Both ways of asking must agree, and a misfit without a reason helps nobody.
            var passed = schema.IsValid(data) == expected && schema.Validate(data).Count == 0 == expected;
            return new SuiteResult(file, name, passed, Threw: false);
        }
        catch (JsonSchemaException exception)
        {
            return new SuiteResult(file, $"{name}: {exception.Message}", Passed: false, Threw: false);
        }
        catch (Exception exception)
        {
            return new SuiteResult(file, $"{name}: {exception}", Passed: false, Threw: true);
        }
    }

    private static JsonElement Read(string file) => JsonElement.Parse(File.ReadAllBytes(file));
}

internal sealed record SuiteResult(string File, string Name, bool Passed, bool Threw);

using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.JsonSchemas;

/// <summary>The official JSON Schema test suite, every required test of it, counted.</summary>
public class OfficialSuiteTests
{
    [Test]
    [Spec("2026-07-28 basic §Schema Dialect", 1, AtEveryRevision = true)]
    public void Every_required_test_of_2020_12_passes()
        => Run("2020-12", "draft2020-12", JsonSchemaDialect.Draft202012, expectedCount: 1299);

    [Test]
    public void Every_required_test_of_draft_07_passes()
        => Run("draft-07", "draft7", JsonSchemaDialect.Draft07, expectedCount: 927);

    private static void Run(string name, string folder, JsonSchemaDialect dialect, int expectedCount)
    {
        var suite = TestData.Folder("json-schema-test-suite");
        var options = new JsonSchemaOptions { DefaultDialect = dialect, Documents = OfficialSuite.Remotes(suite) };
        var results = OfficialSuite.Run(Path.Combine(suite, "tests", folder), options).ToList();

        TestContext.Out.WriteLine($"{name}: {results.Count(result => result.Passed)} of {results.Count} required tests");
        results.Where(result => !result.Passed).Select(result => result.Name).Should().BeEmpty();
        results.Should().HaveCount(expectedCount);
    }

    [TestCase("draft2020-12", JsonSchemaDialect.Draft202012)]
    [TestCase("draft7", JsonSchemaDialect.Draft07)]
    public void Optional_tests_are_counted_to_know_where_we_stand(string folder, JsonSchemaDialect dialect)
    {
        var suite = TestData.Folder("json-schema-test-suite");
        var options = new JsonSchemaOptions { DefaultDialect = dialect, Documents = OfficialSuite.Remotes(suite) };
        var optional = Path.Combine(suite, "tests", folder, "optional");
        foreach (var (set, asserting) in new[] { (optional, options), (Path.Combine(optional, "format"), options with { AssertFormats = true }) })
        {
            var results = OfficialSuite.Run(set, asserting).ToList();
            TestContext.Out.WriteLine($"{folder}/{Path.GetFileName(set)}: {results.Count(result => result.Passed)} of {results.Count} optional tests");
            foreach (var file in results.GroupBy(result => result.File).Where(file => file.Any(result => !result.Passed)))
                TestContext.Out.WriteLine($"  {file.Key}: {file.Count(result => result.Passed)} of {file.Count()}");
            results.Should().NotContain(result => result.Threw, "what is optional may be undecided, but never unexpected");
        }
    }
}

using System.Text.Json;
using OnlyMcp.Protocol.JsonSchemas;
using static OnlyMcp.Tests.JsonSchemas.SchemaText;

namespace OnlyMcp.Tests.JsonSchemas;

public class CompiledSchemaTests
{
    [Test]
    public void One_schema_serves_many_threads_at_once()
    {
        var schema = JsonSchema.Parse("""
            {
              "type": "object",
              "properties": { "name": { "pattern": "^(?=a)a+$" }, "code": { "pattern": "^[a-z]+$" }, "tags": { "uniqueItems": true } },
              "unevaluatedProperties": false
            }
            """);
        var good = Deep("""{"name": "aaa", "code": "abc", "tags": [1,2,3,4,5,6,7,8,9,10]}""");
        var bad = Deep("""{"name": "b", "code": "abc", "tags": [1,2,3,4,5,6,7,8,9,9]}""");

        Parallel.For(0, 2_000, i =>
        {
            schema.IsValid(i % 2 == 0 ? good : bad).Should().Be(i % 2 == 0);
            schema.Validate(bad).Should().HaveCount(2);
        });
    }

    [Test]
    public void A_schema_outlives_the_document_that_it_was_read_from()
    {
        JsonSchema schema;
        using (var document = JsonDocument.Parse("""{"enum": ["a"], "minimum": 1}"""))
            schema = JsonSchema.Parse(document.RootElement);

        schema.Validate(Deep("\"b\"")).Single().Expected.Should().Be("\"a\" of at least 1");
    }

    [Test]
    public void A_good_value_costs_no_memory()
    {
        var schema = JsonSchema.Parse("""{"type": "object", "properties": {"city": {"type": "string", "minLength": 1}, "days": {"type": "integer", "minimum": 1}}, "required": ["city"]}""");
        var good = Deep("""{"city": "Oslo", "days": 3}""");
        for (var i = 0; i < 100; i++)
            schema.IsValid(good);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            schema.IsValid(good);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000);
    }
}

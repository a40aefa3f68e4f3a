using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using OnlyMcp.Protocol.JsonSchemas;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Tests.Tools;

/// <summary>What the schema of a tool accepts is what the binder binds, and what it promises is what is written: for any type, and any JSON.</summary>
public sealed class SchemaAndBinderAgreeTests
{
    private static readonly JsonSerializerOptions Options = BindingOptions.ForArguments(null);

    private static readonly JsonSerializerOptions Results = BindingOptions.ForResults(null);

    private static readonly Delegate[] Annotated =
    [
        (string a, string? b, List<string> c, List<string?> d, List<List<string>?>? e) => 0,
        (Dictionary<string, string> a, Dictionary<string, string?> b, Dictionary<string, string[]> c, IReadOnlyDictionary<string, object>? d) => 0,
        (object a, object? b, JsonNode c, JsonNode? d, List<JsonNode> e, List<object?> f, JsonElement? g, JsonDocument? h) => 0,
        (int a = 3, string b = "x", ToolTypes.Colour c = ToolTypes.Colour.Green, ToolTypes.Sides? d = null, params Guid[] e) => 0,
        (ToolTypes.Tree? a, ToolTypes.Animal[] b, ToolTypes.Settable<string[]> c, ToolTypes.Two<string, int[]>? d) => 0,
        (ToolTypes.Box<List<string>> a, ToolTypes.Box<string?> b, ToolTypes.Optional<Dictionary<string, Uri>> c) => 0,
    ];

    private static readonly Gen<ParameterInfo[]> Parameters = Gen.Frequency(
        (9, ToolTypes.Any.Select(type => ToolOf(type).GetParameters())),
        (1, Gen.Elements(Annotated).Select(tool => tool.Method.GetParameters())));

    private static readonly Gen<(ParameterInfo[] Parameters, JsonElement Schema, string Json)> Cases =
        from parameters in Parameters
        let schema = InputSchema.Of(parameters, Options)
        from json in Gen.Frequency((9, new NearValidJson(schema).Near(schema, 4)), (1, NearValidJson.Anything(3)))
        select (parameters, schema, json);

    [Test]
    public void Arguments_are_valid_by_the_schema_if_and_only_if_they_bind()
    {
        int valid = 0;
        Prop.ForAll(Cases.ToArbitrary(), @case => valid += Agree(@case.Parameters, @case.Schema, @case.Json) ? 1 : 0)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
        // Neither all nor none: the generator must reach both sides of the line.
        valid.Should().BeInRange(900, 2600);
    }

    [Test]
    public void What_a_tool_returns_is_valid_by_its_output_schema()
    {
        int written = 0;
        Prop.ForAll(Cases.ToArbitrary(), @case => written += IsWrittenAsPromised(@case.Parameters, @case.Json) ? 1 : 0)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
        written.Should().BeGreaterThan(300);
    }

    private static bool Agree(ParameterInfo[] parameters, JsonElement schema, string json)
    {
        bool isValid = JsonSchema.Parse(schema).IsValid(Signatures.Json(json));
        string? failure = FailureOf(parameters, json, out _);
        if (isValid == (failure is null)) return isValid;
        throw new AssertionException($"Valid: {isValid}, but the binder says: {failure ?? "bound"}\n{json}\n{schema}");
    }

    private static bool IsWrittenAsPromised(ParameterInfo[] parameters, string json)
    {
        if (parameters.Length != 1 || FailureOf(parameters, json, out object? value) is not null) return false;
        // As if the tool returned its argument.
        MethodInfo tool = (MethodInfo)parameters[0].Member;
        JsonElement schema = OutputSchema.Of(tool, Results)!.Value;
        JsonElement result;
        try
        {
            result = JsonSerializer.SerializeToElement(value, tool.ReturnType, Results);
        }
        catch (Exception e) when (e is ArgumentException or JsonException or InvalidOperationException)
        {
            return false; // Infinity, a null that annotations forbid, a default ImmutableArray: no JSON, so no promise broken.
        }
        if (JsonSchema.Parse(schema).IsValid(result)) return true;
        throw new AssertionException($"Written: {result}\n{schema}");
    }

    private static string? FailureOf(ParameterInfo[] parameters, string json, out object? first)
    {
        first = null;
        try
        {
            first = new ArgumentBinder(parameters, Options).Bind(Signatures.Json(json)).FirstOrDefault();
            return null;
        }
        catch (InvalidToolInputException e)
        {
            return e.Message;
        }
    }

    private static MethodInfo ToolOf(Type type) =>
        typeof(SchemaAndBinderAgreeTests).GetMethod(nameof(Tool), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);

    private static T Tool<T>(T value) => value;
}

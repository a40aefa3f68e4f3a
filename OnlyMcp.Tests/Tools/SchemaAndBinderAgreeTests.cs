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

/// <summary>What the schema of a tool accepts is what the binder binds: for any type, and for any JSON.</summary>
public sealed class SchemaAndBinderAgreeTests
{
    private static readonly JsonSerializerOptions Options = BindingOptions.ForArguments(null);

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
        (9, ToolTypes.Any.Select(type => typeof(SchemaAndBinderAgreeTests).GetMethod(nameof(Tool), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).GetParameters())),
        (1, Gen.Elements(Annotated).Select(tool => tool.Method.GetParameters())));

    [Test]
    public void Arguments_are_valid_by_the_schema_if_and_only_if_they_bind()
    {
        Gen<(ParameterInfo[] Parameters, string Json)> cases =
            from parameters in Parameters
            let schema = InputSchema.Of(parameters, Options)
            from json in Gen.Frequency((9, new NearValidJson(schema).Near(schema, 4)), (1, NearValidJson.Anything(3)))
            select (parameters, json);

        int valid = 0;
        Prop.ForAll(cases.ToArbitrary(), @case => valid += Agree(@case.Parameters, @case.Json) ? 1 : 0)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
        // Neither all nor none: the generator must reach both sides of the line.
        valid.Should().BeInRange(1000, 4500);
    }

    private static bool Agree(ParameterInfo[] parameters, string json)
    {
        JsonElement schema = InputSchema.Of(parameters, Options);
        JsonElement arguments = JsonDocument.Parse(json).RootElement;
        bool isValid = JsonSchema.Parse(schema).IsValid(arguments);
        string? failure = FailureOf(parameters, arguments);
        if (isValid == (failure is null)) return isValid;
        throw new AssertionException($"Valid: {isValid}, but the binder says: {failure ?? "bound"}\n{json}\n{schema}");
    }

    private static string? FailureOf(ParameterInfo[] parameters, JsonElement arguments)
    {
        try
        {
            new ArgumentBinder(parameters, Options).Bind(arguments);
            return null;
        }
        catch (InvalidToolInputException e)
        {
            return e.Message;
        }
    }

    private static void Tool<T>(T value) => _ = value;
}

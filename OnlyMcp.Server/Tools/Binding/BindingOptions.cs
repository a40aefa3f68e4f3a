using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>
/// The serializer options under which arguments are bound and results are written: the user's own naming and converters, and strictness
/// wherever a schema states something that System.Text.Json by default does not hold to.
/// </summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class BindingOptions
{
    // The options hold the cache of type metadata: one copy per options object, not per tool.
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> Arguments = [];
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> Results = [];

    public static JsonSerializerOptions ForArguments(JsonSerializerOptions? given) =>
        Arguments.GetValue(given ?? JsonSerializerOptions.Web, ArgumentsFrom);

    public static JsonSerializerOptions ForResults(JsonSerializerOptions? given) =>
        Results.GetValue(given ?? JsonSerializerOptions.Web, ResultsFrom);

    private static JsonSerializerOptions ArgumentsFrom(JsonSerializerOptions given)
    {
        JsonSerializerOptions options = Strict(given);
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.Converters.Add(new EnumConverterFactory());
        options.Converters.Add(new ExactConverters());
        options.TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(BindingContract.Tighten);
        options.MakeReadOnly();
        return options;
    }

    private static JsonSerializerOptions ResultsFrom(JsonSerializerOptions given)
    {
        JsonSerializerOptions options = Strict(given);
        options.Converters.Add(new EnumConverterFactory());
        options.MakeReadOnly();
        return options;
    }

    private static JsonSerializerOptions Strict(JsonSerializerOptions given)
    {
        var options = new JsonSerializerOptions(given)
        {
            AllowDuplicateProperties = false,
            // A discriminator that stands last is as valid by the schema as one that stands first.
            AllowOutOfOrderMetadataProperties = true,
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.TypeInfoResolver ??= new DefaultJsonTypeInfoResolver();
        return options;
    }
}

using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>What came for a parameter, where arguments are text: an argument of a prompt, a variable of an address.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Items">Its items, where it may be a list.</param>
internal readonly record struct TextValue(string Text, IReadOnlyList<string>? Items = null);

/// <summary>A parameter whose argument is text: converted to the parameter's type as the value of a tool's argument would be.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class TextArgument
{
    private const int LongestReceived = 60;

    private static readonly Type[] Texts =
    [
        typeof(string), typeof(char), typeof(Guid), typeof(Uri), typeof(Version),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
    ];

    private readonly ParameterInfo parameter;
    private readonly JsonSerializerOptions options;
    private readonly Type type;
    private readonly bool isList;
    private readonly ValidationAttribute[] rules;

    /// <exception cref="ArgumentException">The parameter cannot be read from text; the message says what can.</exception>
    public TextArgument(ParameterInfo parameter, JsonSerializerOptions options, bool allowsLists)
    {
        this.parameter = parameter;
        this.options = options;
        isList = allowsLists && ItemOf(parameter.ParameterType) is not null;
        type = isList ? ItemOf(parameter.ParameterType)! : Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (!IsOneValue(type))
        {
            throw new ArgumentException(
                $"The parameter '{parameter.Name}' ({parameter.ParameterType.Name}) comes as text: take a string, a number, a bool, an "
                + $"enum, a date, a Guid or a Uri{(allowsLists ? ", or an array of one of them" : "")}.");
        }

        Name = ArgumentContract.NameOf(parameter, options);
        IsRequired = !ParameterDefault.IsOptional(parameter, Nullability.Of(parameter)!);
        rules = [.. parameter.GetCustomAttributes<ValidationAttribute>()];
    }

    /// <summary>The name that the argument comes under.</summary>
    public string Name { get; }

    /// <summary>Whether the argument must come.</summary>
    public bool IsRequired { get; }

    /// <summary>The only values that there are; null where they cannot be listed.</summary>
    public IReadOnlyList<string>? Choices
    {
        get
        {
            if (type == typeof(bool))
                return ["true", "false"];
            var shape = (options.GetConverter(type) as IWireShape)?.Shape();
            return shape?["enum"] is JsonArray names ? [.. names.Select(name => name!.GetValue<string>())] : null;
        }
    }

    /// <summary>The value for the parameter.</summary>
    /// <exception cref="InvalidToolInputException">The text is no such value, or is missing.</exception>
    public object? From(TextValue? value)
    {
        if (value is not { } given)
            return IsRequired ? throw Invalid(Expected(null), "nothing") : ParameterDefault.Of(parameter);

        var converted = isList ? List(given.Items ?? [given.Text]) : One(given.Text);
        foreach (var rule in rules)
        {
            if (!rule.IsValid(converted))
                throw Invalid($"a valid value ({rule.FormatErrorMessage(Name).TrimEnd('.')})", Quoted(given.Text));
        }

        return converted;
    }

    private Array List(IReadOnlyList<string> items)
    {
        var list = Array.CreateInstance(type, items.Count);
        for (var i = 0; i < items.Count; i++)
            list.SetValue(One(items[i]), i);
        return list;
    }

    private object? One(string text)
    {
        if (type == typeof(string))
            return text;

        try
        {
            return JsonSerializer.Deserialize(ToJson(text), options.GetTypeInfo(type));
        }
        catch (JsonException fault)
        {
            throw Invalid(Expected(fault), Quoted(text), fault);
        }
    }

    /// <summary>As JSON would have it: a number without quotes, where the text is one.</summary>
    private JsonElement ToJson(string text)
    {
        if (!IsLiteral(type))
            return AsString();

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            // As a string it will be refused, in words that say what is expected.
            return AsString();
        }

        JsonElement AsString() => JsonSerializer.SerializeToElement(text, Protocol.Schema.McpJson.Wire.String);
    }

    private string Expected(JsonException? fault) => fault is ExpectationException ours
        ? ours.Expected
        : type == typeof(bool) ? "true or false" : IsLiteral(type) ? "a number" : "a value";

    private InvalidToolInputException Invalid(string expected, string received, Exception? fault = null) =>
        new($"/{Name}", expected, received, fault);

    private static string Quoted(string text) => $"\"{(text.Length <= LongestReceived ? text : text[..LongestReceived] + "…")}\"";

    private static bool IsLiteral(Type type) => (type.IsPrimitive && type != typeof(char))
        || type == typeof(decimal) || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128);

    private static bool IsOneValue(Type type) => IsLiteral(type)
        || (type.IsEnum && !type.IsDefined(typeof(FlagsAttribute)))
        || Texts.Contains(type);

    private static Type? ItemOf(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        return type.IsGenericType && type.GetGenericArguments() is [var item] && type.IsAssignableFrom(item.MakeArrayType()) ? item : null;
    }
}

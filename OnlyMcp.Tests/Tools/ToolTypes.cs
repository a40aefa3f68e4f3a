using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace OnlyMcp.Tests.Tools;

/// <summary>Parameter types for the property test: plain ones, and shapes closed over them again and again.</summary>
internal static class ToolTypes
{
    public enum Colour { Red, Green, [JsonStringEnumMemberName("dark blue")] Blue }

    [Flags]
    public enum Sides : byte { None = 0, Left = 1, Right = 2, Both = 3 }

    [JsonDerivedType(typeof(Cat), "cat")]
    [JsonDerivedType(typeof(Dog), 7)]
    public abstract record Animal(string Name);
    public record Cat(string Name, int Lives = 9) : Animal(Name);
    public record Dog(string Name, Animal? Chases = null) : Animal(Name);

    [JsonDerivedType(typeof(Truck), "truck")]
    public class Vehicle { public int Wheels { get; set; } = 4; }
    public class Truck : Vehicle { public required double Load { get; set; } }

    public record Tree(string Name, IReadOnlyList<Tree> Children, Tree? Parent = null, Dictionary<string, Tree>? ByName = null);

    public record Box<T>(T Value);
    public record Optional<T>(T? Value = default, string Tag = "none");
    public record Two<T, TOther>(T First, TOther? Second, List<T> All);
    public readonly record struct Cell<T>(T Value, byte? Weight);

    public class Settable<T>
    {
        public required T Must { get; init; }
        public T? May { get; set; }
        public string[] Names { get; set; } = [];
        public List<string?>? Notes { get; set; }
        [JsonPropertyName("x-y")] public sbyte? Odd { get; set; }
        public T? Computed => Must;
        [JsonIgnore] public int Ignored { get; set; }
    }

    public class Extensible
    {
        public string Name { get; set; } = "";
        [JsonExtensionData] public Dictionary<string, JsonElement>? Rest { get; set; }
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    public record Lenient(int A);

    private static readonly Type[] Plain =
    [
        typeof(string), typeof(bool), typeof(char), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint),
        typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128), typeof(float), typeof(double), typeof(Half), typeof(decimal),
        typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Uri),
        typeof(Version), typeof(byte[]), typeof(Memory<byte>), typeof(ReadOnlyMemory<byte>), typeof(object), typeof(JsonElement),
        typeof(JsonNode), typeof(JsonObject), typeof(JsonArray), typeof(JsonValue), typeof(JsonDocument), typeof(Colour), typeof(Sides),
        typeof(Animal), typeof(Cat), typeof(Dog), typeof(Vehicle), typeof(Truck), typeof(Tree), typeof(Extensible), typeof(Lenient),
    ];

    private static readonly Type[] Shapes =
    [
        typeof(List<>), typeof(IReadOnlyList<>), typeof(IEnumerable<>), typeof(HashSet<>), typeof(Queue<>), typeof(ImmutableArray<>),
        typeof(Box<>), typeof(Optional<>), typeof(Cell<>), typeof(Settable<>), typeof(Tuple<>),
    ];

    private static readonly Type[] Keys = [typeof(string), typeof(Colour), typeof(Guid), typeof(byte), typeof(DateOnly)];

    public static readonly Gen<Type> Any = OfDepth(3);

    private static Gen<Type> OfDepth(int depth)
    {
        Gen<Type> plain = Gen.Elements(Plain);
        if (depth == 0) return plain;
        Gen<Type> inner = OfDepth(depth - 1);
        return Gen.Frequency(
            (4, plain),
            (1, inner.Select(t => t.IsValueType && Nullable.GetUnderlyingType(t) is null ? typeof(Nullable<>).MakeGenericType(t) : t)),
            (1, inner.Select(t => t.MakeArrayType())),
            (4, from shape in Gen.Elements(Shapes) from t in inner select shape.MakeGenericType(t)),
            (1, from one in inner from other in inner select typeof(Two<,>).MakeGenericType(one, other)),
            (1, from one in inner from other in inner select typeof(KeyValuePair<,>).MakeGenericType(one, other)),
            (2, from key in Gen.Elements(Keys) from t in inner select typeof(Dictionary<,>).MakeGenericType(key, t)),
            (1, inner.Select(t => typeof(IReadOnlyDictionary<,>).MakeGenericType(typeof(string), t))));
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>Makes the converters that read exactly what their schema states. A type that is missing here is read by System.Text.Json.</summary>
/// <remarks>Each is made when a tool first needs it: all of them, with their patterns, would cost every program a part of its start.</remarks>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal sealed class ExactConverters : JsonConverterFactory
{
    private static readonly Dictionary<Type, Func<JsonConverter>> Makers = new()
    {
        [typeof(sbyte)] = () => new IntegerConverter<sbyte>(JsonMetadataServices.SByteConverter),
        [typeof(byte)] = () => new IntegerConverter<byte>(JsonMetadataServices.ByteConverter),
        [typeof(short)] = () => new IntegerConverter<short>(JsonMetadataServices.Int16Converter),
        [typeof(ushort)] = () => new IntegerConverter<ushort>(JsonMetadataServices.UInt16Converter),
        [typeof(int)] = () => new IntegerConverter<int>(JsonMetadataServices.Int32Converter),
        [typeof(uint)] = () => new IntegerConverter<uint>(JsonMetadataServices.UInt32Converter),
        [typeof(long)] = () => new IntegerConverter<long>(JsonMetadataServices.Int64Converter),
        [typeof(ulong)] = () => new IntegerConverter<ulong>(JsonMetadataServices.UInt64Converter),
        [typeof(Int128)] = () => new IntegerConverter<Int128>(JsonMetadataServices.Int128Converter),
        [typeof(UInt128)] = () => new IntegerConverter<UInt128>(JsonMetadataServices.UInt128Converter),
        [typeof(Half)] = () => new BoundedNumberConverter<Half>(JsonMetadataServices.HalfConverter),
        [typeof(decimal)] = () => new BoundedNumberConverter<decimal>(JsonMetadataServices.DecimalConverter),
        [typeof(char)] = () => new TextConverter<char>(TextForm.Character, JsonMetadataServices.CharConverter),
        [typeof(Guid)] = () => new TextConverter<Guid>(TextForm.Uuid, JsonMetadataServices.GuidConverter),
        // Choice: UTC, where the serializer's own converter would answer in the time zone of the machine.
        [typeof(DateTime)] = () => new TextConverter<DateTime>(TextForm.DateTime, JsonMetadataServices.DateTimeConverter, time => time.ToUniversalTime()),
        [typeof(DateTimeOffset)] = () => new TextConverter<DateTimeOffset>(TextForm.DateTime, JsonMetadataServices.DateTimeOffsetConverter),
        [typeof(DateOnly)] = () => new TextConverter<DateOnly>(TextForm.Date, JsonMetadataServices.DateOnlyConverter),
        [typeof(TimeOnly)] = () => new TextConverter<TimeOnly>(TextForm.Time, JsonMetadataServices.TimeOnlyConverter),
        [typeof(TimeSpan)] = () => new TextConverter<TimeSpan>(TextForm.Duration, JsonMetadataServices.TimeSpanConverter),
        [typeof(Uri)] = () => new TextConverter<Uri>(TextForm.Uri, JsonMetadataServices.UriConverter!),
        [typeof(Version)] = () => new TextConverter<Version>(TextForm.Version, JsonMetadataServices.VersionConverter!),
        [typeof(byte[])] = () => new TextConverter<byte[]>(TextForm.Base64, JsonMetadataServices.ByteArrayConverter!),
        [typeof(Memory<byte>)] = () => new TextConverter<Memory<byte>>(TextForm.Base64, JsonMetadataServices.MemoryByteConverter),
        [typeof(ReadOnlyMemory<byte>)] = () => new TextConverter<ReadOnlyMemory<byte>>(TextForm.Base64, JsonMetadataServices.ReadOnlyMemoryByteConverter),
    };

    public override bool CanConvert(Type typeToConvert) => Makers.ContainsKey(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => Makers[typeToConvert]();
}

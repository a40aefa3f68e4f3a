using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>The converters that read exactly what their schema states. A type that is missing here is read by System.Text.Json.</summary>
[RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
[RequiresDynamicCode(ToolReflection.DynamicCode)]
internal static class ExactConverters
{
    public static readonly JsonConverter[] All =
    [
        new EnumConverterFactory(),
        new IntegerConverter<sbyte>(JsonMetadataServices.SByteConverter),
        new IntegerConverter<byte>(JsonMetadataServices.ByteConverter),
        new IntegerConverter<short>(JsonMetadataServices.Int16Converter),
        new IntegerConverter<ushort>(JsonMetadataServices.UInt16Converter),
        new IntegerConverter<int>(JsonMetadataServices.Int32Converter),
        new IntegerConverter<uint>(JsonMetadataServices.UInt32Converter),
        new IntegerConverter<long>(JsonMetadataServices.Int64Converter),
        new IntegerConverter<ulong>(JsonMetadataServices.UInt64Converter),
        new IntegerConverter<Int128>(JsonMetadataServices.Int128Converter),
        new IntegerConverter<UInt128>(JsonMetadataServices.UInt128Converter),
        new BoundedNumberConverter<Half>(JsonMetadataServices.HalfConverter),
        new BoundedNumberConverter<decimal>(JsonMetadataServices.DecimalConverter),
        new TextConverter<char>(TextForm.Character, JsonMetadataServices.CharConverter),
        new TextConverter<Guid>(TextForm.Uuid, JsonMetadataServices.GuidConverter),
        // Choice: UTC, where the serializer's own converter would answer in the time zone of the machine.
        new TextConverter<DateTime>(TextForm.DateTime, JsonMetadataServices.DateTimeConverter, time => time.ToUniversalTime()),
        new TextConverter<DateTimeOffset>(TextForm.DateTime, JsonMetadataServices.DateTimeOffsetConverter),
        new TextConverter<DateOnly>(TextForm.Date, JsonMetadataServices.DateOnlyConverter),
        new TextConverter<TimeOnly>(TextForm.Time, JsonMetadataServices.TimeOnlyConverter),
        new TextConverter<TimeSpan>(TextForm.Duration, JsonMetadataServices.TimeSpanConverter),
        new TextConverter<Uri>(TextForm.Uri, JsonMetadataServices.UriConverter!),
        new TextConverter<Version>(TextForm.Version, JsonMetadataServices.VersionConverter!),
        new TextConverter<byte[]>(TextForm.Base64, JsonMetadataServices.ByteArrayConverter!),
        new TextConverter<Memory<byte>>(TextForm.Base64, JsonMetadataServices.MemoryByteConverter),
        new TextConverter<ReadOnlyMemory<byte>>(TextForm.Base64, JsonMetadataServices.ReadOnlyMemoryByteConverter),
    ];
}

using System.Runtime.CompilerServices;

namespace OnlyMcp.Server.Tools.Binding;

/// <summary>The bits of an enum's value, whatever its underlying type, without boxing.</summary>
internal static class EnumBits
{
    public static long Of<T>(T value) where T : struct, Enum => Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.BitCast<T, byte>(value),
        2 => Unsafe.BitCast<T, ushort>(value),
        4 => Unsafe.BitCast<T, uint>(value),
        _ => Unsafe.BitCast<T, long>(value),
    };

    public static T To<T>(long bits) where T : struct, Enum => Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.BitCast<byte, T>((byte)bits),
        2 => Unsafe.BitCast<ushort, T>((ushort)bits),
        4 => Unsafe.BitCast<uint, T>((uint)bits),
        _ => Unsafe.BitCast<long, T>(bits),
    };
}

using System.Runtime.InteropServices;
using System.Text;

namespace OnlyMcp.Tests.Programs.StdioServer;

/// <summary>What native code in a tool might do.</summary>
internal static class Descriptors
{
    public static void Write(int descriptor, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _ = write(descriptor, bytes, (nuint)bytes.Length);
    }

    [DllImport("libc")]
    private static extern nint write(int descriptor, byte[] bytes, nuint count);
}

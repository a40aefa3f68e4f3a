using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>
/// Binds a server and the thread that calls it to one core. Between two cores of a virtual machine a line costs what it costs to wake the
/// other core, whoever writes it; on one core it costs what the programs do.
/// </summary>
/// <remarks>In a process that is started on one core .NET waits ten times as long before it compiles again what is hot.</remarks>
internal static class OneCore
{
    [SupportedOSPlatformGuard("linux")]
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Runs something on a thread of its own, which is bound to a core, and with it the processes that it starts.</summary>
    [SupportedOSPlatform("linux")]
    public static T Run<T>(Func<T> action) => OnAThread(() =>
    {
        Bind(0, LastAllowed());
        return action();
    });

    /// <summary>Runs something on a thread of its own, which shares a core with all threads of a process that runs already.</summary>
    [SupportedOSPlatform("linux")]
    public static T Share<T>(int process, Func<T> action) => OnAThread(() =>
    {
        var core = LastAllowed();
        foreach (var task in Directory.EnumerateDirectories($"/proc/{process}/task"))
            Bind(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), core);
        Bind(0, core);
        return action();
    });

    private static T OnAThread<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(action());
            }
            catch (Exception caught)
            {
                done.SetException(caught);
            }
        });
        thread.Start();
        thread.Join();
        return done.Task.GetAwaiter().GetResult();
    }

    private static ulong[] LastAllowed()
    {
        var mask = new ulong[16];
        if (GetAffinity(0, Length(mask), mask) != 0)
            throw new InvalidOperationException("The system does not tell which cores this thread may use.");

        var word = Array.FindLastIndex(mask, bits => bits != 0);
        var bit = 1UL << (63 - System.Numerics.BitOperations.LeadingZeroCount(mask[word]));
        Array.Clear(mask);
        mask[word] = bit;
        return mask;
    }

    /// <summary>A thread that has ended in the meantime needs no core.</summary>
    private static void Bind(int thread, ulong[] mask)
    {
        if (SetAffinity(thread, Length(mask), mask) != 0 && thread == 0)
            throw new InvalidOperationException("The system does not bind this thread to a core.");
    }

    private static nuint Length(ulong[] mask) => (nuint)(mask.Length * sizeof(ulong));

    [DllImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetAffinity(int thread, nuint length, [In, Out] ulong[] mask);

    [DllImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetAffinity(int thread, nuint length, ulong[] mask);
}

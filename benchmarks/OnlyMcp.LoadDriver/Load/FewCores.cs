using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>
/// Runs something on a thread that is bound to few cores, and with it the processes that it starts. Between two cores of a virtual machine a
/// line costs what it costs to wake the other core, whoever writes it; on one core it costs what the programs do.
/// </summary>
internal static class FewCores
{
    [SupportedOSPlatformGuard("linux")]
    public static bool IsSupported => OperatingSystem.IsLinux();

    [SupportedOSPlatform("linux")]
    public static T Run<T>(int cores, Func<T> action)
    {
        var done = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            try
            {
                Bind(cores);
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

    /// <summary>To the first cores of those that are allowed.</summary>
    private static void Bind(int cores)
    {
        var allowed = new ulong[16];
        var length = (nuint)(allowed.Length * sizeof(ulong));
        if (GetAffinity(0, length, allowed) != 0)
            throw new InvalidOperationException("The system does not tell which cores this thread may use.");

        var mask = new ulong[allowed.Length];
        foreach (var core in Enumerable.Range(0, allowed.Length * 64).Where(core => (allowed[core / 64] >> core % 64 & 1) == 1).Take(cores))
            mask[core / 64] |= 1UL << core % 64;
        if (SetAffinity(0, length, mask) != 0)
            throw new InvalidOperationException("The system does not bind this thread to a core.");
    }

    [DllImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetAffinity(int thread, nuint length, [In, Out] ulong[] mask);

    [DllImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetAffinity(int thread, nuint length, ulong[] mask);
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>
/// Keeps the cores from falling asleep while something is measured: a process that turns in circles on each of them whenever nobody else
/// wants it. On a virtual machine it takes up to 20 microseconds to wake a sleeping core, which is longer than a call, and the same for
/// everybody: without this, whoever waits less busily is measured to be slower.
/// </summary>
internal sealed class AwakeCores : IDisposable
{
    /// <summary>The argument that makes this program the one that turns in circles.</summary>
    public const string Argument = "awake";

    private const int SchedulesWhenIdle = 5;

    private readonly Process? process;

    private AwakeCores(Process? process) => this.process = process;

    [SupportedOSPlatformGuard("linux")]
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Begins; where the system has no such way, nothing happens.</summary>
    public static AwakeCores Keep() => new(!IsSupported ? null : Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, [typeof(AwakeCores).Assembly.Location, Argument]) { RedirectStandardInput = true }));

    /// <summary>Turns in circles until standard input ends, as it does when the driver does.</summary>
    public static async Task TurnAsync()
    {
        // The threads that this one starts are scheduled as it is: any other that can run goes first, at once.
        if (IsSupported && SetScheduler(0, SchedulesWhenIdle, new Parameters()) != 0)
            throw new InvalidOperationException("The system does not let this process step behind all others.");
        for (var core = 0; core < Environment.ProcessorCount; core++)
            new Thread(Turn) { IsBackground = true }.Start();
        await Console.In.ReadToEndAsync();
    }

    public void Dispose()
    {
        process?.Kill();
        process?.Dispose();
    }

    private static void Turn()
    {
        while (true)
            Thread.SpinWait(1000);
    }

    [SupportedOSPlatform("linux")]
    [DllImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduler(int process, int policy, in Parameters parameters);

    [StructLayout(LayoutKind.Sequential)]
    private struct Parameters
    {
        public int Priority;
    }
}

using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace OnlyMcp.MicroBenchmarks;

/// <summary>Runs all benchmarks, unless the command line names some: <c>--filter *Envelope*</c>.</summary>
internal static class Program
{
    private static void Main(string[] args)
    {
        // In this process: no project is generated, restored and built for each run, which would take longer than the measuring.
        var quick = Job.ShortRun
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(300));
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(quick)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .HideColumns(Column.Job, Column.Toolchain, Column.IterationTime, Column.IterationCount, Column.LaunchCount, Column.WarmupCount, Column.Error)
            .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
        var chosen = args.Length > 0 ? args : ["--filter", "*"];
        var found = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(chosen, config).Any();
        if (!found && chosen.Contains("--filter"))
            Environment.ExitCode = 1;
    }
}

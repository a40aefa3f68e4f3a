using System.ComponentModel;
using System.Diagnostics;

namespace OnlyMcp.Client.Authorization;

/// <summary>Has the system open an address in the person's browser. No shell sees it.</summary>
/// <remarks>Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security</remarks>
internal static class UserBrowser
{
    /// <summary>What a shell would act on, and an address can do without.</summary>
    private const string Meaningful = "$'()*;!";

    /// <summary>Opens it; completes when the program that does so has ended, which may be as late as the browser's own end.</summary>
    /// <exception cref="IOException">It could not; the message says why, without the address.</exception>
    public static async ValueTask OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        // MUST: whoever calls, and whatever has been checked before, only such an address gets here into the hands of another program.
        SignInAddress.CheckOpened(address);
        if (OperatingSystem.IsWindows())
        {
            OpenOnWindows(address);
            return;
        }

        var opener = Opener(address, Environment.GetEnvironmentVariable("PATH"));
        var exitCode = await RunAsync(opener).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
            throw new IOException($"'{opener.FileName}' ended with the code {exitCode}.");
    }

    /// <summary>
    /// The program, and the address as its one argument. Its streams are not ours: what a browser prints would get between the messages of
    /// a stdio server.
    /// </summary>
    public static ProcessStartInfo Opener(Uri address, string? path)
    {
        var start = new ProcessStartInfo
        {
            FileName = OperatingSystem.IsMacOS() ? "/usr/bin/open" : Find("xdg-open", path),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Harmless(address));
        return start;
    }

    /// <summary>The address in the letters of addresses. xdg-open is a script, and versions of it have evaluated what they were given.</summary>
    public static string Harmless(Uri address) => string.Concat(address.AbsoluteUri.Select(letter =>
        Meaningful.Contains(letter, StringComparison.Ordinal) ? Uri.HexEscape(letter) : letter.ToString()));

    private static void OpenOnWindows(Uri address)
    {
        try
        {
            // What is registered for https opens it: the scheme has been checked, so that no program or document can be meant.
            using var program = Process.Start(new ProcessStartInfo(Harmless(address)) { UseShellExecute = true });
        }
        catch (Win32Exception fault)
        {
            throw new IOException($"Windows could not open it: {fault.Message}", fault);
        }
    }

    /// <summary>Returns its exit code. It goes on, whoever stops waiting for that: it may be the browser itself.</summary>
    private static async Task<int> RunAsync(ProcessStartInfo start)
    {
        using var program = Start(start);
        program.StandardInput.Close();
        _ = DrainAsync(program.StandardOutput.BaseStream);
        _ = DrainAsync(program.StandardError.BaseStream);
        await program.WaitForExitAsync().ConfigureAwait(false);
        return program.ExitCode;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception fault)
        {
            throw new IOException($"'{start.FileName}' could not be started: {fault.Message}", fault);
        }
    }

    /// <summary>Reads to nowhere, for as long as anybody prints: a full pipe would hold the browser up, a broken one end it.</summary>
    private static Task DrainAsync(Stream printed) => printed.CopyToAsync(Stream.Null);

    /// <summary>In PATH alone: the framework would look in the current directory first, where anybody may have put such a program.</summary>
    private static string Find(string name, string? path) => (path ?? "").Split(Path.PathSeparator)
        .Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new IOException($"There is no program '{name}' in the folders of PATH.");
}

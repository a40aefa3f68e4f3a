using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace OnlyMcp.Tests.Support;

/// <summary>A server's standard input and output as it has them: files that let a thread wait for each read and write.</summary>
internal sealed class FilePipe : IDisposable
{
    private readonly AnonymousPipeServerStream toServer = new(PipeDirection.Out);
    private readonly AnonymousPipeServerStream toClient = new(PipeDirection.In);

    public FilePipe()
    {
        Input = FileOf(toServer, FileAccess.Read);
        Output = FileOf(toClient, FileAccess.Write);
        Client = new StdioPeer(toServer, toClient);
    }

    public FileStream Input { get; }

    public FileStream Output { get; }

    public StdioPeer Client { get; }

    public void Dispose()
    {
        toServer.Dispose();
        toClient.Dispose();
        Input.Dispose();
        Output.Dispose();
    }

    private static FileStream FileOf(AnonymousPipeServerStream pipe, FileAccess access)
    {
        // The handle is the file's from now on: the pipe would close it too.
        var handle = pipe.ClientSafePipeHandle.DangerousGetHandle();
        pipe.ClientSafePipeHandle.SetHandleAsInvalid();
        return new FileStream(new SafeFileHandle(handle, ownsHandle: true), access, bufferSize: 0);
    }
}

using System.Net;
using System.Net.Sockets;

namespace OnlyMcp.Tests.Support;

/// <summary>A port that nobody listened on a moment ago, for programs that cannot choose one themselves.</summary>
public static class FreePort
{
    public static int Next()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

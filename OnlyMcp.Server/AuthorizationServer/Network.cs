using System.Net;
using System.Net.Sockets;

namespace OnlyMcp.Server.AuthorizationServers;

/// <summary>Who is counted as one where requests are counted by the address that they come from.</summary>
internal static class Network
{
    /// <summary>The address; of version 6 the network that it is in, of whose 2^64 addresses one household has all.</summary>
    public static IPAddress Of(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6
        ? new IPAddress([.. address.GetAddressBytes()[..8], 0, 0, 0, 0, 0, 0, 0, 0])
        : address;
}

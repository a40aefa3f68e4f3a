using System.Net;
using System.Net.Sockets;
using OnlyMcp.Protocol.Authorization;

namespace OnlyMcp.Client.Authorization;

/// <summary>
/// Which addresses may be connected to on behalf of an MCP server: those of the public internet, and nothing nearer to this machine than
/// the server itself is.
/// </summary>
/// <remarks>
/// <para>
/// Choice: who may name an address is told by where the MCP server is. A server on this machine may name addresses of this machine and of
/// its network, for it reaches both itself; a server in the network may name others in the network, but none of this machine; a server on
/// the internet may name neither. Link-local addresses are for servers that have one, and where clouds keep their metadata nobody is sent.
/// The server's own origin may be asked in any case: that is where the conversation takes place; and so may those that the host has named
/// itself, such as an identity provider within an enterprise whose MCP server is not.
/// </para>
/// Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security
/// </remarks>
internal sealed class Neighbourhood(
    Uri server, Func<string, CancellationToken, Task<IPAddress[]>> lookUp, IReadOnlyList<Uri>? named = null)
{
    private static readonly IPAddress[] CloudMetadata =
    [
        IPAddress.Parse("169.254.169.254"), IPAddress.Parse("100.100.100.200"), IPAddress.Parse("fd00:ec2::254"),
    ];

    private static readonly IPNetwork[] PrivateNetworks =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fc00::/7"),
    ];

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Where an address is, seen from this machine.</summary>
    private enum Place
    {
        Internet,
        Network,
        Link,
        Machine,
        Nowhere,
    }

    private string Server => $"the MCP server {WellKnown.Origin(server)}";

    /// <summary>Why an address that somebody named is not to be asked or opened, in words; null if nothing speaks against it.</summary>
    public async ValueTask<string?> WhatIsWrongWithAsync(Uri uri, CancellationToken cancellationToken)
    {
        if (FetchPolicy.WhatIsWrongWith(uri, allowsLoopback: true) is { } wrong)
            return wrong;
        if (IsKnown(uri) || PlaceInName(uri) is not { } place || place == Place.Internet)
            return null;

        return await AllowsAsync(place, cancellationToken).ConfigureAwait(false) ? null : Refusal(uri.Host);
    }

    /// <summary>
    /// Connects to an address that is allowed: it is looked up here, and judged by where it leads, so that its name cannot change in
    /// between.
    /// </summary>
    /// <exception cref="IOException">It leads to no address that is.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = await lookUp(target.Host, cancellationToken).ConfigureAwait(false);
        if (!LeadsToProxy(context))
            addresses = await AllowedAsync(context.InitialRequestMessage.RequestUri!, addresses, cancellationToken).ConfigureAwait(false);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Choice: a proxy is the user's own, and looks names up itself; what it reaches is for whoever runs it to say.</summary>
    private static bool LeadsToProxy(SocketsHttpConnectionContext context) => context.InitialRequestMessage.Method == HttpMethod.Connect;

    private async ValueTask<IPAddress[]> AllowedAsync(Uri uri, IPAddress[] addresses, CancellationToken cancellationToken)
    {
        var allowed = new List<IPAddress>(addresses.Length);
        foreach (var address in addresses)
        {
            var place = PlaceOf(address);
            var isSecure = uri.Scheme == Uri.UriSchemeHttps || place == Place.Machine;
            if (isSecure && (IsKnown(uri) || await AllowsAsync(place, cancellationToken).ConfigureAwait(false)))
                allowed.Add(address);
        }

        return allowed.Count > 0 ? [.. allowed] : throw new IOException(
            Refusal($"{uri.IdnHost} ({string.Join(", ", addresses.Take(3).Select(address => address.ToString()))})"));
    }

    private async ValueTask<bool> AllowsAsync(Place place, CancellationToken cancellationToken) => place switch
    {
        Place.Internet => true,
        Place.Network => await ServersPlaceAsync(cancellationToken).ConfigureAwait(false) is Place.Network or Place.Machine,
        Place.Link => await ServersPlaceAsync(cancellationToken).ConfigureAwait(false) is Place.Link,
        Place.Machine => await ServersPlaceAsync(cancellationToken).ConfigureAwait(false) is Place.Machine,
        _ => false,
    };

    /// <summary>
    /// Choice: a name is as far away as the farthest of its addresses, and never this machine unless it says so: who owns a name on the
    /// internet can have it lead here for a moment.
    /// </summary>
    private async ValueTask<Place> ServersPlaceAsync(CancellationToken cancellationToken)
    {
        if (PlaceInName(server) is { } place)
            return place;

        try
        {
            var addresses = await lookUp(server.IdnHost, cancellationToken).ConfigureAwait(false);
            var places = addresses.Select(PlaceOf).ToArray();
            return places.Length == 0 || places.Contains(Place.Machine) ? Place.Internet : places.Min();
        }
        catch (SocketException)
        {
            return Place.Internet; // Whoever cannot be found is trusted least.
        }
    }

    /// <summary>Where an address is that is written out; null if it has to be looked up.</summary>
    private static Place? PlaceInName(Uri uri) => FetchPolicy.IsLoopback(uri) ? Place.Machine
        : IPAddress.TryParse(uri.DnsSafeHost, out var address) ? PlaceOf(address)
        : null;

    private static Place PlaceOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        // A network without IPv4 gives the whole internet such addresses; what counts is the one inside.
        if (Translated.Contains(address))
            address = new IPAddress(address.GetAddressBytes().AsSpan(12));

        return IPAddress.IsLoopback(address) ? Place.Machine
            : CloudMetadata.Contains(address) ? Place.Nowhere
            : FetchPolicy.IsPublic(address) ? Place.Internet
            : IsLinkLocal(address) ? Place.Link
            : PrivateNetworks.Any(network => network.Contains(address)) ? Place.Network
            : Place.Nowhere;
    }

    private static bool IsLinkLocal(IPAddress address) =>
        address.IsIPv6LinkLocal || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);

    private bool IsKnown(Uri uri) =>
        WellKnown.Origin(uri) == WellKnown.Origin(server) || named?.Any(own => WellKnown.Origin(uri) == WellKnown.Origin(own)) == true;

    private string Refusal(string what) =>
        $"{what} is nearer to this machine than {Server} is, or no address of a server at all, and was not connected to";
}

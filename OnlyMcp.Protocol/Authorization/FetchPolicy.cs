using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OnlyMcp.Protocol.Authorization;

/// <summary>Which addresses that a stranger named may be fetched: decisions alone, for whoever then opens the connection.</summary>
/// <remarks>
/// An address is judged twice: as it is written, and, once its name has been looked up, by where it leads; the second judgement is made on
/// the very address that is connected to, so that a name cannot change in between.
/// Spec: 2026-07-28 basic/authorization/security-considerations §Communication Security
/// </remarks>
public static class FetchPolicy
{
    /// <summary>Why an address is not to be fetched or opened, in words; null if nothing speaks against it.</summary>
    /// <param name="uri">What somebody named.</param>
    /// <param name="allowsLoopback">Whether plain http to this machine itself is all right.</param>
    public static string? WhatIsWrongWith(Uri uri, bool allowsLoopback)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri)
            return "it is no absolute address";
        if (uri.UserInfo.Length > 0)
            return "it carries user information";
        if (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && allowsLoopback && IsLoopback(uri)))
            return null;

        return uri.Scheme == Uri.UriSchemeHttp
            ? "plain http is for this machine's own addresses alone; it must begin with https:"
            : $"its scheme is '{uri.Scheme}'; it must begin with https:";
    }

    /// <summary>Whether an address names this machine: <c>localhost</c> and names below it, 127.0.0.0/8, or ::1.</summary>
    public static bool IsLoopback(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return IPAddress.TryParse(uri.DnsSafeHost, out var address)
            ? IPAddress.IsLoopback(Unmapped(address))
            : uri.DnsSafeHost is var host && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether an address is on the public internet: neither this machine, nor its network, nor a detour to either.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        address = Unmapped(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => IsPublic(BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes())),
            AddressFamily.InterNetworkV6 => IsPublic(address.GetAddressBytes()),
            _ => false,
        };
    }

    private static bool IsPublic(uint v4) => !(
        In(v4, 0x00000000, 8) || // this network
        In(v4, 0x0A000000, 8) || // private
        In(v4, 0x64400000, 10) || // carriers' private
        In(v4, 0x7F000000, 8) || // loopback
        In(v4, 0xA9FE0000, 16) || // link-local, where clouds keep their metadata
        In(v4, 0xAC100000, 12) || // private
        In(v4, 0xC0000000, 24) || // protocol assignments
        In(v4, 0xC0000200, 24) || // documentation
        In(v4, 0xC0586300, 24) || // 6to4 relays
        In(v4, 0xC0A80000, 16) || // private
        In(v4, 0xC6120000, 15) || // benchmarks
        In(v4, 0xC6336400, 24) || // documentation
        In(v4, 0xCB007100, 24) || // documentation
        In(v4, 0xE0000000, 3)); // multicast, reserved, broadcast

    private static bool IsPublic(ReadOnlySpan<byte> v6)
    {
        // Global unicast is 2000::/3. Within it, whatever carries an IPv4 address, or is set aside, is none of the public internet's.
        if ((v6[0] & 0xE0) != 0x20)
            return false;
        if (v6[0] == 0x20 && v6[1] == 0x02) // 6to4
            return false;
        if (v6[0] == 0x20 && v6[1] == 0x01 && v6[2] < 0x02) // Teredo and other assignments, 2001::/23
            return false;
        if (v6[0] == 0x20 && v6[1] == 0x01 && v6[2] == 0x0D && v6[3] == 0xB8) // documentation
            return false;
        if (v6[0] == 0x3F && v6[1] == 0xFF && v6[2] < 0x10) // documentation
            return false;

        // ISATAP hides an IPv4 address behind the interface identifier 0000:5EFE or 0200:5EFE.
        return !(v6[10] == 0x5E && v6[11] == 0xFE && v6[9] == 0 && (v6[8] & 0xFD) == 0);
    }

    private static bool In(uint address, uint network, int bits) => (address ^ network) >> (32 - bits) == 0;

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}

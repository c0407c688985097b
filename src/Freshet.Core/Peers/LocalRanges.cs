using System.Net;

namespace Freshet.Core.Peers;

/// <summary>Ranges of addresses that no host on the internet has.</summary>
internal static class LocalRanges
{
    private static readonly IPNetwork[] All =
    [
        .. new[]
        {
            "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15",
            "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "::1/128", "fc00::/7", "fec0::/10", "2001:db8::/32", "3fff::/20",
        }.Select(static range => IPNetwork.Parse(range)),
    ];

    /// <summary>
    /// The range that an address belongs to, or the address alone if it is of none; null if it is an address of the internet.
    /// </summary>
    public static IPNetwork? Of(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = plain.GetAddressBytes();
        if (AddressScopes.Of(plain) == AddressScope.Public && !AddressScopes.IsReserved(bytes))
            return null;
        int found = Array.FindIndex(All, range => range.Contains(plain));
        return found >= 0 ? All[found] : new IPNetwork(plain, 8 * bytes.Length);
    }
}

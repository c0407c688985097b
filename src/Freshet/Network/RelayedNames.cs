using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Network;

/// <summary>
/// Host names that datagrams are sent to through a proxy, which looks them up, and the addresses that stand for them meanwhile
/// (<see cref="StandIn"/>). A name keeps its address. From any thread.
/// </summary>
internal sealed class RelayedNames
{
    private readonly Lock _adding = new();
    private readonly ConcurrentDictionary<string, IPAddress> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly string[] _names = new string[ProxyLimits.MaxRelayedNames];
    private int _count;

    /// <summary>The address of a host: its own if the name is one, else one that stands for it. Null if there are too many.</summary>
    public IPAddress? AddressOf(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
            return literal;
        if (_addresses.TryGetValue(host, out IPAddress? known))
            return known;
        lock (_adding)
        {
            if (_addresses.TryGetValue(host, out known) || _count == _names.Length)
                return known;
            _names[_count] = host;
            IPAddress address = StandIn.Of(++_count);
            _addresses[host] = address;
            return address;
        }
    }

    /// <summary>The address that stands for a host to which something was sent; null if nothing was.</summary>
    /// <param name="host">The name in ASCII.</param>
    public IPAddress? Known(ReadOnlySpan<byte> host)
    {
        Span<char> name = stackalloc char[ProxyLimits.MaxText];
        return host.Length <= name.Length && Encoding.ASCII.TryGetChars(host, name, out int length)
            && _addresses.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out IPAddress? known)
            ? known
            : null;
    }

    /// <summary>The host that an address stands for; null if for none.</summary>
    public DnsEndPoint? HostOf(UdpAddress address)
    {
        int number = address.StandInNumber;
        lock (_adding)
            return number > 0 && number <= _count ? new DnsEndPoint(_names[number - 1], address.Port) : null;
    }
}

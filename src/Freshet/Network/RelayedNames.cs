using System.Net;
using System.Text;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Network;

/// <summary>
/// Host names that datagrams are sent to through a proxy, which looks them up, and the addresses that stand for them meanwhile
/// (<see cref="StandIn"/>). A name keeps its address until <see cref="ProxyLimits.MaxRelayedNames"/> others were used since; the address
/// then stands for nobody, since something may still be on its way. From any thread.
/// </summary>
/// <param name="last">The number of the address that was given last.</param>
internal sealed class RelayedNames(int last = 0)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Name>> _byHost = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, LinkedListNode<Name>> _byNumber = [];

    // The one used last comes first.
    private readonly LinkedList<Name> _used = new();
    private int _last = last;

    /// <summary>The address of a host: its own if the name is one, else one that stands for it.</summary>
    public IPAddress AddressOf(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
            return literal;
        lock (_lock)
        {
            if (!_byHost.TryGetValue(host, out LinkedListNode<Name>? known))
                return Add(host).Address;
            Use(known);
            return known.Value.Address;
        }
    }

    /// <summary>The address that stands for a host to which something was sent; null if nothing was.</summary>
    /// <param name="host">The name in ASCII.</param>
    public IPAddress? Known(ReadOnlySpan<byte> host)
    {
        Span<char> name = stackalloc char[ProxyLimits.MaxText];
        if (host.Length > name.Length || !Encoding.ASCII.TryGetChars(host, name, out int length))
            return null;
        lock (_lock)
        {
            return _byHost.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out LinkedListNode<Name>? known)
                ? known.Value.Address
                : null;
        }
    }

    /// <summary>The host that an address stands for; null if for none.</summary>
    public DnsEndPoint? HostOf(UdpAddress address)
    {
        lock (_lock)
        {
            if (!_byNumber.TryGetValue(address.StandInNumber, out LinkedListNode<Name>? known))
                return null;
            Use(known);
            return new DnsEndPoint(known.Value.Host, address.Port);
        }
    }

    private void Use(LinkedListNode<Name> name)
    {
        _used.Remove(name);
        _used.AddFirst(name);
    }

    private Name Add(string host)
    {
        if (_used.Count == ProxyLimits.MaxRelayedNames)
            Forget(_used.Last!);
        do
            _last = _last < StandIn.MaxNumber ? _last + 1 : 1;
        while (_byNumber.ContainsKey(_last));
        Name name = new(host, _last, StandIn.Of(_last));
        _byHost[host] = _byNumber[_last] = _used.AddFirst(name);
        return name;
    }

    private void Forget(LinkedListNode<Name> name)
    {
        _used.Remove(name);
        _byHost.Remove(name.Value.Host);
        _byNumber.Remove(name.Value.Number);
    }

    private sealed record Name(string Host, int Number, IPAddress Address);
}

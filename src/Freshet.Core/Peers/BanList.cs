using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Addresses that have done provable harm. A ban covers the IP address, since a new port costs nothing; on loopback, where every
/// peer has the same one, it covers the port with it. At most <see cref="Limits.MaxBannedPeers"/>: the oldest is forgiven first.
/// </summary>
internal sealed class BanList
{
    private readonly HashSet<IPEndPoint> _banned = [];
    private readonly Queue<IPEndPoint> _oldestFirst = new();

    /// <summary>The part of an end point by which its owner is known again.</summary>
    public static IPEndPoint IdentityOf(IPEndPoint endPoint)
    {
        IPAddress address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        return new IPEndPoint(address, IPAddress.IsLoopback(address) ? endPoint.Port : 0);
    }

    public bool Contains(IPEndPoint endPoint) => _banned.Count > 0 && _banned.Contains(IdentityOf(endPoint));

    public void Add(IPEndPoint endPoint)
    {
        IPEndPoint identity = IdentityOf(endPoint);
        if (!_banned.Add(identity))
            return;
        _oldestFirst.Enqueue(identity);
        if (_oldestFirst.Count > Limits.MaxBannedPeers)
            _banned.Remove(_oldestFirst.Dequeue());
    }
}

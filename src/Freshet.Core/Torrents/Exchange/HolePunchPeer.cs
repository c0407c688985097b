using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// A peer that speaks <c>ut_holepunch</c>: whom it can introduce us to, at most <see cref="HolePunchLimits.MaxIntroduced"/>, and how much
/// it has had of each of the roles.
/// </summary>
internal sealed class HolePunchPeer(Peer peer)
{
    private readonly HashSet<IPEndPoint> _introduced = [];

    // The same addresses, the oldest first.
    private readonly List<IPEndPoint> _order = [];

    public Peer Peer => peer;

    /// <summary>It is asked to help us.</summary>
    public MinuteCount Asked { get; } = new(HolePunchLimits.MaxAskedPerMinute);

    /// <summary>It has us dial somebody.</summary>
    public MinuteCount Taken { get; } = new(HolePunchLimits.MaxTakenPerMinute);

    /// <summary>It asks us to help it.</summary>
    public MinuteCount Relayed { get; } = new(HolePunchLimits.MaxRelayedPerMinute);

    /// <summary>It is told to dial somebody who has asked us; by the network of that one.</summary>
    public MinuteShares Told { get; } = new(HolePunchLimits.MaxToldPerMinute, HolePunchLimits.MaxToldPerNetwork);

    /// <summary>Whether we reached it by a dial at the word of a relay: others may not reach it without one.</summary>
    public bool IsPunched { get; init; }

    /// <summary>
    /// Where it can be dialled over uTP: what its router leads to it is where we have uTP with it. Else where it listens, which for many
    /// is the same. Null if that is not known.
    /// </summary>
    public IPEndPoint? Address => peer.Way.Transport == PeerTransport.Utp ? peer.EndPoint : peer.ListensAt;

    /// <summary>Whether others know it by that address.</summary>
    public bool IsAt(IPEndPoint address) => address.Equals(peer.EndPoint) || address.Equals(peer.ListensAt);

    /// <summary>It is connected with a peer that speaks <c>ut_holepunch</c> too.</summary>
    public void Introduce(IPEndPoint endPoint)
    {
        if (!_introduced.Add(endPoint))
            return;
        _order.Add(endPoint);
        if (_order.Count <= HolePunchLimits.MaxIntroduced)
            return;
        _introduced.Remove(_order[0]);
        _order.RemoveAt(0);
    }

    public bool HasIntroduced(IPEndPoint endPoint) => _introduced.Contains(endPoint);

    /// <summary>It cannot introduce us after all.</summary>
    public void Forget(IPEndPoint endPoint)
    {
        if (_introduced.Remove(endPoint))
            _order.Remove(endPoint);
    }
}

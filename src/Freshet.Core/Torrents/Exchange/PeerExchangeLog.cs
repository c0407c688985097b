using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// Joins and departures of peers, numbered consecutively, so that two numbers are enough to remember what a peer has been sent. Members are
/// in the order in which they joined; of the departures, the last <see cref="ExchangeLimits.MaxExchangedLeaves"/> are kept.
/// </summary>
internal sealed class PeerExchangeLog(HolePunching holePunching)
{
    private readonly List<Member> _members = [];
    private readonly HashSet<PeerKey> _keys = [];
    private readonly Queue<Leave> _left = [];

    /// <summary>The number of the latest event.</summary>
    public long Now { get; private set; }

    /// <summary>Records joins and departures. Peers whose listening port is unknown are of no use to others.</summary>
    public void Update(PeerSet peers)
    {
        for (int i = _members.Count - 1; i >= 0; i--)
        {
            Member member = _members[i];
            if (peers.Find(member.Peer.Key) is not null)
                continue;
            _members.RemoveAt(i);
            _keys.Remove(member.Peer.Key);
            if (_left.Count == ExchangeLimits.MaxExchangedLeaves)
                _left.Dequeue();
            _left.Enqueue(new Leave(member.Address, member.Joined, ++Now));
        }

        foreach (Peer peer in peers.All)
        {
            if (peer.ListensAt is { } address && _keys.Add(peer.Key))
                _members.Add(new Member(peer, address, ++Now));
        }
    }

    /// <summary>Takes what a peer has not been sent, as much as fits one message.</summary>
    public void Take(PeerExchangeLine to, IExtensionLine line, List<ExchangedPeer> added, List<IPEndPoint> dropped)
    {
        // A departure is not reported if the peer never learned of the join, or if that member has come back.
        foreach (Leave leave in _left)
        {
            if (dropped.Count == ExchangeLimits.MaxToldPeers || leave.Left <= to.ToldLeaves)
                continue;
            to.ToldLeaves = leave.Left;
            if (leave.Joined <= to.ToldJoins && AddressScopes.MayBeTold(leave.Address.Address, to.Peer.EndPoint.Address)
                && _members.TrueForAll(member => !member.Address.Equals(leave.Address)))
            {
                dropped.Add(leave.Address);
            }
        }

        foreach (Member member in _members)
        {
            if (member.Joined <= to.ToldJoins)
                continue;
            if (added.Count == ExchangeLimits.MaxToldPeers)
                break;
            to.ToldJoins = member.Joined;
            if (member.Peer != to.Peer && AddressScopes.MayBeTold(member.Address.Address, to.Peer.EndPoint.Address))
                added.Add(new ExchangedPeer(member.Address, FlagsOf(member.Peer, line)));
        }
    }

    public void Clear()
    {
        _members.Clear();
        _keys.Clear();
        _left.Clear();
    }

    // Reachable says that whoever dials gets through.
    private PeerExchangeFlags FlagsOf(Peer peer, IExtensionLine line) =>
        FlagIf(peer.PrefersEncryption, PeerExchangeFlags.PrefersEncryption)
        | FlagIf(peer.OnlyUploads, PeerExchangeFlags.UploadOnly)
        | FlagIf(peer.Way.Transport == PeerTransport.Utp, PeerExchangeFlags.Utp)
        | FlagIf(line.Takes(peer, ExtensionRows.HolePunch), PeerExchangeFlags.HolePunch)
        | FlagIf(peer.IsOutgoing && !holePunching.NeedsHole(peer), PeerExchangeFlags.Reachable);

    private static PeerExchangeFlags FlagIf(bool holds, PeerExchangeFlags flag) => holds ? flag : PeerExchangeFlags.None;

    private readonly record struct Member(Peer Peer, IPEndPoint Address, long Joined);

    private readonly record struct Leave(IPEndPoint Address, long Joined, long Left);
}

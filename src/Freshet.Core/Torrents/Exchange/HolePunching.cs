using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// The extension <c>ut_holepunch</c> (BEP 55): two peers whose routers let nobody in meet by dialling each other at the same moment, over
/// uTP, at the word of a relay that is connected with both. We ask for it where a dial failed and a peer has told us of the address, do it
/// where a relay says so, and relay for others, all of it within <see cref="HolePunchLimits"/>. Nobody is ever told to dial an address that
/// is not that of a peer of ours. Only in torrents that are known to be public.
/// </summary>
internal sealed class HolePunching(TorrentContext torrent, Connecting connecting, Departures departures) : IExtension
{
    private readonly Dictionary<PeerKey, HolePunchPeer> _peers = [];
    private readonly HolePunchAttempts _attempts = new();

    public ExtensionRow Row => ExtensionRows.HolePunch;

    public void OnHandshake(Peer peer, ExtensionHandshake handshake, IExtensionLine line, Timestamp now)
    {
        if (line.Takes(peer, Row))
            _peers.TryAdd(peer.Key, new HolePunchPeer(peer));
        else
            _peers.Remove(peer.Key);
    }

    public void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now)
    {
        // Who does not take our answers has nothing to ask, nor to tell.
        if (!_peers.TryGetValue(peer.Key, out HolePunchPeer? from))
            return;
        if (!HolePunchMessage.TryParse(payload, out HolePunchMessage message))
        {
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "sent a ut_holepunch message that makes no sense");
            return;
        }

        switch (message.Kind)
        {
            case HolePunchKind.Rendezvous when from.Relayed.TryAdd(now):
                Relay(from, message.EndPoint, line, now);
                break;
            case HolePunchKind.Connect:
                OnConnect(from, message.EndPoint, now);
                break;
            case HolePunchKind.Error:
                OnError(from, message.EndPoint, line, now);
                break;
        }
    }

    /// <summary>A peer has told us of another that speaks <c>ut_holepunch</c> (BEP 11).</summary>
    public void OnTold(Peer teller, IPEndPoint endPoint)
    {
        if (_peers.TryGetValue(teller.Key, out HolePunchPeer? introducer))
            introducer.Introduce(endPoint);
    }

    /// <summary>A dial failed: if the address is that of somebody behind a router, a peer that knows it may help.</summary>
    public void OnConnectFailed(IPEndPoint endPoint, DisconnectReason reason, IExtensionLine line, Timestamp now)
    {
        bool isUnreachable = reason is DisconnectReason.TimedOut or DisconnectReason.Refused or DisconnectReason.NetworkError;
        if (isUnreachable && _peers.Count > 0 && connecting.LooksForPeers && _attempts.MayBegin(endPoint, now))
            Ask(endPoint, line, now);
    }

    public void OnGone(Peer peer) => _peers.Remove(peer.Key);

    public void Reset()
    {
        _peers.Clear();
        _attempts.Clear();
    }

    private void Ask(IPEndPoint target, IExtensionLine line, Timestamp now)
    {
        foreach (HolePunchPeer relay in _peers.Values)
        {
            if (!relay.HasIntroduced(target) || !relay.Asked.TryAdd(now))
                continue;
            _attempts.Ask(target, relay.Peer.Key, now);
            line.TrySend(relay.Peer, Row, new HolePunchMessage(HolePunchKind.Rendezvous, target).ToArray(), now);
            return;
        }
    }

    private void OnConnect(HolePunchPeer relay, IPEndPoint target, Timestamp now)
    {
        bool isWorthIt = connecting.LooksForPeers && AddressScopes.CanBeDialled(target)
            && AddressScopes.MayBeTold(target.Address, relay.Peer.EndPoint.Address);
        if (!isWorthIt || (!_attempts.IsAsked(target, relay.Peer.Key) && !relay.Taken.TryAdd(now)))
            return;
        if (_attempts.TryPunch(target, now))
            connecting.Punch(target, relay.Peer, now);
    }

    // Whatever the reason is: another relay may be connected with it still.
    private void OnError(HolePunchPeer relay, IPEndPoint target, IExtensionLine line, Timestamp now)
    {
        relay.Forget(target);
        if (_attempts.IsAsked(target, relay.Peer.Key))
            Ask(target, line, now);
    }

    private void Relay(HolePunchPeer from, IPEndPoint target, IExtensionLine line, Timestamp now)
    {
        HolePunchError error = Find(from, target, out HolePunchPeer? to);
        if (error != HolePunchError.None)
        {
            line.TrySend(from.Peer, Row, new HolePunchMessage(HolePunchKind.Error, target, error).ToArray(), now);
            return;
        }

        if (!to!.Told.TryAdd(now))
            return;
        line.TrySend(to.Peer, Row, new HolePunchMessage(HolePunchKind.Connect, from.Address!).ToArray(), now);
        line.TrySend(from.Peer, Row, new HolePunchMessage(HolePunchKind.Connect, to.Address!).ToArray(), now);
    }

    // The peer at an address, if the two can be told of each other.
    private HolePunchError Find(HolePunchPeer from, IPEndPoint target, out HolePunchPeer? found)
    {
        found = null;
        if (!AddressScopes.CanBeDialled(target))
            return HolePunchError.NoSuchPeer;
        if (from.IsAt(target) || connecting.IsOurs(target, from.Peer))
            return HolePunchError.NoSelf;
        if (torrent.Peers.All.FirstOrDefault(peer => target.Equals(peer.EndPoint) || target.Equals(peer.ListensAt)) is not { } peer)
            return HolePunchError.NotConnected;
        if (!_peers.TryGetValue(peer.Key, out HolePunchPeer? to))
            return HolePunchError.NoSupport;
        if (to.Address is not { } there || from.Address is not { } here || !IsForBoth(here, there))
            return HolePunchError.NotConnected;
        found = to;
        return HolePunchError.None;
    }

    private static bool IsForBoth(IPEndPoint one, IPEndPoint other) =>
        one.AddressFamily == other.AddressFamily
        && AddressScopes.MayBeTold(one.Address, other.Address) && AddressScopes.MayBeTold(other.Address, one.Address);
}

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

    public Timestamp NextDue => _attempts.NextDue;

    public void OnHandshake(Peer peer, ExtensionHandshake handshake, IExtensionLine line, Timestamp now)
    {
        if (!line.Takes(peer, Row))
            _peers.Remove(peer.Key);
        else if (!_peers.ContainsKey(peer.Key))
            _peers.Add(peer.Key, new HolePunchPeer(peer) { IsPunched = IsPunched(peer) });
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
                OnHeard(from, message);
                Relay(from, message.EndPoint, line, now);
                break;
            case HolePunchKind.Connect:
                OnConnect(from, message, now);
                break;
            case HolePunchKind.Error:
                OnError(from, message, line, now);
                break;
        }
    }

    /// <summary>A peer has told us of another that speaks <c>ut_holepunch</c> (BEP 11).</summary>
    public void OnTold(Peer teller, IPEndPoint endPoint)
    {
        if (_peers.TryGetValue(teller.Key, out HolePunchPeer? introducer))
            introducer.Introduce(endPoint);
    }

    /// <summary>Whether a peer was reached at the word of a relay: others may not get through to it without one.</summary>
    public bool NeedsHole(Peer peer) => _peers.TryGetValue(peer.Key, out HolePunchPeer? punched) && punched.IsPunched;

    /// <summary>
    /// A dial failed: if the address is that of somebody behind a router, a peer that knows it may help. It has been of use all the same if
    /// the other side has got through meanwhile.
    /// </summary>
    public void OnConnectFailed(IPEndPoint endPoint, DisconnectReason reason, IExtensionLine line, Timestamp now)
    {
        bool isUnreachable = reason is DisconnectReason.TimedOut or DisconnectReason.Refused or DisconnectReason.NetworkError;
        if (isUnreachable && _peers.Count > 0 && connecting.LooksForPeers && _attempts.MayAsk(endPoint, now)
            && PeerAt(endPoint) is null && FindRelay(endPoint, attempt: null, now) is { } relay)
            Ask(_attempts.Begin(endPoint, now, isOurs: true), relay, line, now);
    }

    public void OnGone(Peer peer)
    {
        if (_peers.Remove(peer.Key))
            _attempts.OnGone(peer.Key);
    }

    public void Reset()
    {
        _peers.Clear();
        _attempts.Clear();
    }

    /// <summary>Relays that have not answered or are gone: the next are asked.</summary>
    public void Tick(IExtensionLine line, Timestamp now)
    {
        while (_attempts.Overdue(now) is { } attempt)
            AskNext(attempt, line, now);
    }

    private bool IsPunched(Peer peer) =>
        peer.IsOutgoing && (peer.Way.Path == PeerPath.Hole || _attempts.Find(peer.EndPoint) is { IsPunched: true });

    private void AskNext(HolePunchAttempt attempt, IExtensionLine line, Timestamp now)
    {
        if (connecting.LooksForPeers && FindRelay(attempt.Target, attempt, now) is { } relay)
            Ask(attempt, relay, line, now);
        else
            attempt.StopWaiting();
    }

    private HolePunchPeer? FindRelay(IPEndPoint target, HolePunchAttempt? attempt, Timestamp now)
    {
        foreach (HolePunchPeer relay in _peers.Values)
        {
            if (relay.HasIntroduced(target) && attempt?.HasAsked(relay.Peer.Key) != true && relay.Asked.TryAdd(now))
                return relay;
        }

        return null;
    }

    private void Ask(HolePunchAttempt attempt, HolePunchPeer relay, IExtensionLine line, Timestamp now)
    {
        attempt.Ask(relay.Peer.Key, now);
        Send(relay, new HolePunchMessage(HolePunchKind.Rendezvous, attempt.Target), line, now);
    }

    private void OnConnect(HolePunchPeer relay, HolePunchMessage message, Timestamp now)
    {
        IPEndPoint target = message.EndPoint;
        bool isWorthIt = connecting.LooksForPeers && AddressScopes.CanBeDialled(target)
            && AddressScopes.MayBeTold(target.Address, relay.Peer.EndPoint.Address);
        HolePunchAttempt? attempt = _attempts.Find(target);
        bool isAsked = attempt?.Relay == relay.Peer.Key;
        if (!isWorthIt || (!isAsked && !relay.Taken.TryAdd(now)) || !_attempts.Hears(target, relay.Peer.Key, now))
            return;
        OnHeard(relay, message);
        if (isAsked)
            attempt!.OnAnswered();
        if (connecting.Punch(target, relay.Peer, now))
            (_attempts.Find(target) ?? _attempts.Begin(target, now, isOurs: false)).OnPunched();
    }

    // Whatever the reason is: another relay may be connected with it still.
    private void OnError(HolePunchPeer relay, HolePunchMessage message, IExtensionLine line, Timestamp now)
    {
        relay.Forget(message.EndPoint);
        if (_attempts.Find(message.EndPoint) is not { } attempt || attempt.Relay != relay.Peer.Key)
            return;
        OnHeard(relay, message);
        AskNext(attempt, line, now);
    }

    private void Relay(HolePunchPeer from, IPEndPoint target, IExtensionLine line, Timestamp now)
    {
        HolePunchError error = Find(from, target, out HolePunchPeer? to);

        // Another relay may be able to when this one has called for that peer often enough.
        if (error == HolePunchError.None && !to!.Told.TryAdd(from.Peer.Network, now))
            error = HolePunchError.NotConnected;
        if (error != HolePunchError.None)
        {
            Send(from, new HolePunchMessage(HolePunchKind.Error, target, error), line, now);
            return;
        }

        Send(to!, new HolePunchMessage(HolePunchKind.Connect, from.Address!), line, now);
        Send(from, new HolePunchMessage(HolePunchKind.Connect, to!.Address!), line, now);
    }

    private void Send(HolePunchPeer to, HolePunchMessage message, IExtensionLine line, Timestamp now)
    {
        line.TrySend(to.Peer, Row, message.ToArray(), now);
        torrent.Effects.Report(new TorrentFact.HolePunch(to.Peer.EndPoint, message, IsSent: true));
    }

    // Only what the limits admit is reported, since a peer may send anything at any rate.
    private void OnHeard(HolePunchPeer from, HolePunchMessage message) =>
        torrent.Effects.Report(new TorrentFact.HolePunch(from.Peer.EndPoint, message, IsSent: false));

    // The peer at an address, if the two can be told of each other.
    private HolePunchError Find(HolePunchPeer from, IPEndPoint target, out HolePunchPeer? found)
    {
        found = null;
        if (!AddressScopes.CanBeDialled(target))
            return HolePunchError.NoSuchPeer;
        if (from.IsAt(target) || connecting.IsOurs(target, from.Peer))
            return HolePunchError.NoSelf;
        if (PeerAt(target) is not { } peer)
            return HolePunchError.NotConnected;
        if (!_peers.TryGetValue(peer.Key, out HolePunchPeer? to))
            return HolePunchError.NoSupport;
        if (to.Address is not { } there || from.Address is not { } here || !IsForBoth(here, there))
            return HolePunchError.NotConnected;
        found = to;
        return HolePunchError.None;
    }

    private Peer? PeerAt(IPEndPoint address) =>
        torrent.Peers.All.FirstOrDefault(peer => address.Equals(peer.EndPoint) || address.Equals(peer.ListensAt));

    private static bool IsForBoth(IPEndPoint one, IPEndPoint other) =>
        one.AddressFamily == other.AddressFamily
        && AddressScopes.MayBeTold(one.Address, other.Address) && AddressScopes.MayBeTold(other.Address, one.Address);
}

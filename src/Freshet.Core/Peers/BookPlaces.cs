using System.Net;
using System.Runtime.InteropServices;

namespace Freshet.Core.Peers;

/// <summary>
/// Who gets a place in a <see cref="PeerBook"/>. Each address counts for one <see cref="Informant"/>, and three limits hold:
/// <list type="number">
/// <item>Peers have few places until their addresses answer: see <see cref="PeerLimits.MaxToldPerNetwork"/>.</item>
/// <item>A public host has few places, whatever its ports, so that nobody can have a victim dialled at any number of them. What peers name
/// gives way to what others name there, and the informant with most of its places to one with fewer.</item>
/// <item>The book has <see cref="PeerLimits.MaxKnownPeers"/> places. When it is full, the informant with most of them gives one to an
/// informant with fewer, or replaces one of its own that has failed. So nobody can fill the book for the others.</item>
/// </list>
/// What the user names always gets a place and keeps it. A hole that is being punched counts as its informant's latest address, which
/// replaces an earlier one. Only addresses that are neither dialled nor connected give way.
/// </summary>
internal sealed class BookPlaces(Random random)
{
    private readonly List<KnownPeer> _all = [];
    private readonly Dictionary<Informant, int> _held = [];

    // The first of each public host's addresses that count, which are linked by NextOfHost.
    private readonly Dictionary<Origin, KnownPeer> _hosts = [];
    private int _told;

    /// <summary>
    /// Whether there is a place for a new address. If it is that of another address, that one must be removed first, and the question asked
    /// again.
    /// </summary>
    /// <param name="peer">The address.</param>
    /// <param name="isPunched">Whether a hole is being punched to it.</param>
    /// <param name="leaves">The address that must be removed; null if none.</param>
    public bool IsFor(KnownPeer peer, bool isPunched, out KnownPeer? leaves)
    {
        leaves = null;
        if (IsToldTooMuch(peer.Informant))
            return isPunched && (leaves = WorstTold(peer.Informant)) is not null;
        if (CountsForHost(peer) && IsHostFull(peer.EndPoint.Address))
            return (leaves = WorstOfHost(peer, isPunched)) is not null;
        if (_all.Count < PeerLimits.MaxKnownPeers)
            return true;
        leaves = WorstOfSample(peer) ?? (IsManual(peer) ? WorstOfAll() : null);
        return leaves is not null;
    }

    public void Add(KnownPeer peer)
    {
        peer.Place = _all.Count;
        _all.Add(peer);
        Hold(peer.Informant, 1);
        if (!CountsForHost(peer))
            return;
        ref KnownPeer? first = ref CollectionsMarshal.GetValueRefOrAddDefault(_hosts, HostOf(peer), out _);
        (peer.NextOfHost, peer.IsOfHost, first) = (first, true, peer);
    }

    public void Remove(KnownPeer peer)
    {
        KnownPeer last = _all[^1];
        (_all[peer.Place], last.Place) = (last, peer.Place);
        _all.RemoveAt(_all.Count - 1);
        Hold(peer.Informant, -1);
        if (peer.IsOfHost)
            Unlink(peer);
    }

    /// <summary>An address counts for another informant from now on: it has answered, or somebody named it who is more credible.</summary>
    public void Change(KnownPeer peer, Informant informant)
    {
        Hold(peer.Informant, -1);
        peer.Informant = informant;
        Hold(informant, 1);
    }

    private static bool IsManual(KnownPeer peer) => peer.Sources.Contains(PeerSource.Manual);

    // Several peers of a local network may share an address, and nobody else can reach it. A peer's own port is no news of a third party.
    private static bool CountsForHost(KnownPeer peer) =>
        peer.Informant.Source is not (PeerSource.Manual or PeerSource.Incoming)
        && AddressScopes.Of(peer.EndPoint.Address) == AddressScope.Public;

    private static Origin HostOf(KnownPeer peer) => Origin.OfNetwork(peer.EndPoint.Address);

    private static bool MayLeave(KnownPeer peer) =>
        peer.State is KnownPeerState.Ready or KnownPeerState.Resting or KnownPeerState.Useless or KnownPeerState.Self && !IsManual(peer);

    // It has answered, and was of use.
    private static bool IsProven(KnownPeer peer) =>
        peer.Informant == Informant.Itself && peer is { Fruitless: 0, State: not KnownPeerState.Self };

    private int HeldBy(Informant informant) => _held.GetValueOrDefault(informant);

    private void Hold(Informant informant, int more)
    {
        ref int held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, informant, out _);
        held += more;
        if (held == 0)
            _held.Remove(informant);
        if (informant.IsPeer)
            _told += more;
    }

    private bool IsToldTooMuch(Informant informant) =>
        informant.IsPeer && (_told >= PeerLimits.MaxTold || HeldBy(informant) >= PeerLimits.MaxToldPerNetwork);

    private bool IsHostFull(IPAddress address)
    {
        bool isNetwork = !address.MapToIPv6().IsIPv4MappedToIPv6;
        int left = isNetwork ? PeerLimits.MaxPerHostNetwork : PeerLimits.MaxPerHost;
        for (KnownPeer? peer = _hosts.GetValueOrDefault(Origin.OfNetwork(address)); peer is not null; peer = peer.NextOfHost)
            left--;
        return left <= 0;
    }

    // An address for which a hole is punched replaces one of the same teller, or if peers have too many, one of whoever has most of them.
    private KnownPeer? WorstTold(Informant teller)
    {
        bool hasTooMany = HeldBy(teller) >= PeerLimits.MaxToldPerNetwork;
        KnownPeer? worst = null;
        foreach (KnownPeer peer in _all)
        {
            if (MayLeave(peer) && (hasTooMany ? peer.Informant == teller : peer.Informant.IsPeer) && IsWorse(peer, worst))
                worst = peer;
        }

        return worst;
    }

    private KnownPeer? WorstOfHost(KnownPeer newcomer, bool isPunched)
    {
        KnownPeer? first = _hosts[HostOf(newcomer)];
        KnownPeer? worst = null;
        int most = isPunched ? 0 : CountOfHost(first, newcomer.Informant) + 1;
        for (KnownPeer? peer = first; peer is not null; peer = peer.NextOfHost)
        {
            if (!MayLeave(peer) || (IsProven(peer) && !isPunched))
                continue;
            bool isLessCredible = peer.Informant.IsPeer && !newcomer.Informant.IsPeer;
            int held = isLessCredible ? int.MaxValue : CountOfHost(first, peer.Informant);
            if (held > most)
                (worst, most) = (peer, held);
        }

        return worst;
    }

    private static int CountOfHost(KnownPeer? first, Informant informant)
    {
        int count = 0;
        for (KnownPeer? peer = first; peer is not null; peer = peer.NextOfHost)
            count += peer.Informant == informant ? 1 : 0;
        return count;
    }

    // A sample finds an informant with a tenth of the places in four cases of five, and does not look at thousands of addresses for each
    // of the thousands that a tracker may return.
    private KnownPeer? WorstOfSample(KnownPeer newcomer)
    {
        int held = IsManual(newcomer) ? 0 : HeldBy(newcomer.Informant) + 1;
        KnownPeer? worst = null;
        for (int i = 0; i < PeerLimits.PlacesCompared; i++)
        {
            KnownPeer peer = _all[random.Next(_all.Count)];
            bool isOwnFailure = peer.Informant == newcomer.Informant && peer.Fruitless > 0;
            if (MayLeave(peer) && (isOwnFailure || HeldBy(peer.Informant) > held) && IsWorse(peer, worst))
                worst = peer;
        }

        return worst;
    }

    private KnownPeer? WorstOfAll()
    {
        KnownPeer? worst = null;
        foreach (KnownPeer peer in _all)
        {
            if (MayLeave(peer) && IsWorse(peer, worst))
                worst = peer;
        }

        return worst;
    }

    // Addresses that have proven their worth leave last.
    private bool IsWorse(KnownPeer peer, KnownPeer? other) => other is null || WorthlessnessOf(peer).CompareTo(WorthlessnessOf(other)) > 0;

    private (bool IsUnproven, int Held, int Fruitless) WorthlessnessOf(KnownPeer peer) =>
        (!IsProven(peer), HeldBy(peer.Informant), peer.Fruitless);

    private void Unlink(KnownPeer peer)
    {
        Origin host = HostOf(peer);
        KnownPeer first = _hosts[host];
        if (first != peer)
        {
            while (first.NextOfHost != peer)
                first = first.NextOfHost!;
            first.NextOfHost = peer.NextOfHost;
        }
        else if (peer.NextOfHost is { } next)
        {
            _hosts[host] = next;
        }
        else
        {
            _hosts.Remove(host);
        }
    }
}

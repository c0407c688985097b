using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// The order in which known addresses are dialled. Exactly the ready addresses are in <c>_ready</c> and the resting ones in
/// <c>_resting</c>, so that the next one is found without scanning all.
/// </summary>
internal sealed class DialQueue(Random random, OwnAddress? own = null)
{
    // As libtorrent does it: a few candidates are compared, so that the swarm stays mixed, and nobody who lies about our address decides
    // about more than which of a few is dialled first.
    private const int Compared = 16;

    // Random places are below it.
    private const long Behind = 1L << 31;

    private readonly RankedPeers _ready = new();
    private readonly RankedPeers _resting = new();

    /// <summary>The number of addresses that may be dialled now, as of the last <see cref="Wake"/>.</summary>
    public int ReadyCount => _ready.Count;

    /// <summary>The number of addresses that rest.</summary>
    public int RestingCount => _resting.Count;

    /// <summary>The number of addresses being dialled.</summary>
    public int DiallingCount { get; private set; }

    /// <summary>How many of those are dialled through a hole.</summary>
    public int PunchedCount { get; private set; }

    /// <summary>Whether the next address is one to which a hole is being punched, as of the last <see cref="Wake"/>.</summary>
    public bool IsPunchedNext => _ready.FirstRank < 0;

    /// <summary>When the next resting address may be dialled.</summary>
    public Timestamp NextRested => _resting.FirstRank is { } when ? new Timestamp(when) : Timestamp.Never;

    /// <summary>How credible an address is, the lowest being dialled first.</summary>
    public static long DistrustOf(KnownPeer peer)
    {
        // A peer that connected to us at least exists, at whatever port.
        bool isToldOnly = peer.Informant.IsPeer && !peer.Sources.Contains(PeerSource.Incoming);
        return peer.Sources.Contains(PeerSource.Manual) ? 0 : isToldOnly ? 2 : 1;
    }

    /// <summary>An address that is in neither queue may be dialled now.</summary>
    public void Add(KnownPeer peer)
    {
        peer.State = KnownPeerState.Ready;
        _ready.Add(peer, ((long)peer.Failures << 34) | (DistrustOf(peer) << 32) | (uint)random.Next());
    }

    /// <summary>The same, before all others, until the given time: from then on it is one like any other.</summary>
    public void AddPunched(KnownPeer peer, Timestamp until)
    {
        peer.PunchedUntil = until;
        peer.State = KnownPeerState.Ready;
        _ready.Add(peer, until.Ticks - long.MaxValue);
    }

    /// <summary>An address that is in neither queue may be dialled later.</summary>
    public void AddResting(KnownPeer peer, Timestamp until)
    {
        peer.State = KnownPeerState.Resting;
        _resting.Add(peer, until.Ticks);
    }

    /// <summary>Makes addresses ready that have rested long enough.</summary>
    public void Wake(Timestamp now)
    {
        while (_resting.FirstRank <= now.Ticks)
            Add(_resting.Take()!);
        while (IsPunchedNext && _ready.First!.PunchedUntil <= now)
            Add(_ready.Take()!);
    }

    /// <summary>Makes all resting addresses ready.</summary>
    public void WakeAll()
    {
        while (_resting.Take() is { } rested)
            Add(rested);
    }

    /// <summary>
    /// Takes the address most worth dialling: addresses to which a hole is being punched first, then those with the fewest failures, then
    /// those supplied by the user before others, and those received only from a peer last. Equal ones are in random order; if there is no
    /// room for all, the one with the highest priority of BEP 40 among a few is taken, since its peer prefers us, too.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="room">How many connections there is room for.</param>
    /// <param name="peer">The address; null if none is ready.</param>
    public bool TryTake(Timestamp now, int room, [NotNullWhen(true)] out KnownPeer? peer)
    {
        Wake(now);
        peer = _ready.Count > room && !IsPunchedNext ? TakePreferred() : _ready.Take();
        if (peer is null)
            return false;
        peer.State = KnownPeerState.Dialling;
        peer.IsPunched = now < peer.PunchedUntil;
        DiallingCount++;
        PunchedCount += peer.IsPunched ? 1 : 0;
        return true;
    }

    /// <summary>An address is neither waiting to be dialled nor being dialled any more.</summary>
    public void Remove(KnownPeer peer)
    {
        switch (peer.State)
        {
            case KnownPeerState.Ready:
                _ready.Remove(peer);
                break;
            case KnownPeerState.Resting:
                _resting.Remove(peer);
                break;
            case KnownPeerState.Dialling:
                DiallingCount--;
                PunchedCount -= peer.IsPunched ? 1 : 0;
                (peer.IsPunched, peer.HoleUntil, peer.Claimant) = (false, new Timestamp(long.MinValue), null);
                break;
        }

        peer.State = KnownPeerState.Useless;
    }

    private KnownPeer? TakePreferred()
    {
        if (_ready.Take() is not { } best)
            return null;
        uint highest = PriorityOf(best);
        for (int i = 1; i < Compared && _ready.FirstRank >> 32 == best.Rank >> 32; i++)
        {
            KnownPeer other = _ready.Take()!;
            uint priority = PriorityOf(other);
            if (priority > highest)
                (best, highest, other) = (other, priority, best);

            // Those not yet compared come before it.
            _ready.Add(other, (other.Rank >> 32 << 32) | Behind | (uint)random.Next());
        }

        return best;
    }

    // While nobody has told us our address, all are alike.
    private uint PriorityOf(KnownPeer peer) =>
        own?.Find(peer.EndPoint) is { } ours ? PeerPriority.Of(peer.EndPoint, ours) : (uint)random.NextInt64(1L << 32);
}

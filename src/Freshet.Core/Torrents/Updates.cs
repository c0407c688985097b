using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents.Exchange;

namespace Freshet.Core.Torrents;

/// <summary>
/// What peers that were greeted are told later: whether we still want pieces (BEP 21), and many pieces at once, in turns, since all of a
/// large torrent's to all peers would be millions of messages.
/// </summary>
internal sealed class Updates(TorrentContext torrent, Extensions extensions)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(UpdateLimits.IntervalMilliseconds);

    private readonly Queue<OwedHaves> _owed = [];
    private Timestamp _due = new(long.MinValue);

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public Timestamp NextDue => _owed.Count == 0 ? Timestamp.Never : _due;

    /// <summary>Tells peers that were greeted when nothing was known of the content which pieces have been found on disk since.</summary>
    public void SendFound(Timestamp now)
    {
        if (torrent.Ledger.Have.Count == 0)
            return;
        foreach (Peer peer in torrent.Peers.All)
            Owe(peer, new Bitfield(0), tellsUploadOnly: false);
        Tick(now);
    }

    /// <summary>Peers that were told of little are told of everything, and then that we want nothing.</summary>
    public void Reveal(IReadOnlyCollection<HiddenPeer> hidden, Timestamp now)
    {
        foreach (HiddenPeer one in hidden)
            Owe(one.Peer, one.Told, tellsUploadOnly: true);
        Tick(now);
    }

    /// <summary>A peer is gone, or is to be told of nothing more.</summary>
    public void Forget(Peer peer)
    {
        for (int i = _owed.Count; i > 0; i--)
        {
            OwedHaves owed = _owed.Dequeue();
            if (owed.Peer != peer)
                _owed.Enqueue(owed);
        }
    }

    /// <summary>Tells peers of some more pieces; those that got theirs are behind those that did not.</summary>
    public void Tick(Timestamp now)
    {
        if (now < _due || _owed.Count == 0)
            return;
        _due = now + Interval;
        int room = UpdateLimits.MaxHaves;
        for (int i = _owed.Count; i > 0 && room > 0; i--)
        {
            OwedHaves owed = _owed.Dequeue();
            int most = Math.Min(room, UpdateLimits.MaxHavesPerPeer);
            int sent = owed.Send(torrent.Offer.PiecesFor(torrent.Ledger.Have, owed.Peer), most, now);
            room -= sent;
            if (sent == most)
                _owed.Enqueue(owed);
            else if (owed.TellsUploadOnly)
                SendUploadOnly(owed.Peer, now);
        }
    }

    /// <summary>Tells all peers whether we still want pieces.</summary>
    public void SendUploadOnly(Timestamp now)
    {
        foreach (Peer peer in torrent.Peers.All)
        {
            if (!torrent.Offer.IsHiddenFrom(peer))
                SendUploadOnly(peer, now);
        }
    }

    /// <summary>
    /// Tells one peer whether we still want pieces. A second extension handshake says that we do not; clients of libtorrent take from one
    /// only that, so that we do again is a message of theirs where it is understood.
    /// </summary>
    public void SendUploadOnly(Peer peer, Timestamp now)
    {
        if (!peer.HasExtensions)
            return;
        if (Greeting.IsUploadOnlyTo(torrent, peer) || !UploadOnlyMessages.TrySend(peer, extensions, isUploadOnly: false, now))
            Greeting.SendHandshake(torrent, peer, [], now);
    }

    private void Owe(Peer peer, Bitfield told, bool tellsUploadOnly)
    {
        PieceIndex first = new(torrent.Random.Next(torrent.Layout.PieceCount));
        _owed.Enqueue(new OwedHaves(peer, told, first) { TellsUploadOnly = tellsUploadOnly });
    }
}

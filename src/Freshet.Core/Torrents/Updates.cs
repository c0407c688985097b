using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents.Exchange;

namespace Freshet.Core.Torrents;

/// <summary>
/// Sends updates to peers that were greeted earlier: whether we still want pieces (BEP 21), and Have messages in bulk. The latter are
/// spread over time, since all pieces of a large torrent to all peers would be millions of messages.
/// </summary>
internal sealed class Updates(TorrentContext torrent, Extensions extensions)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(UpdateLimits.IntervalMilliseconds);

    private readonly Queue<OwedHaves> _owed = [];
    private Timestamp _due = new(long.MinValue);

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public Timestamp NextDue => _owed.Count == 0 ? Timestamp.Never : _due;

    /// <summary>Sends peers that were greeted before the content was known the pieces found on disk since.</summary>
    public void SendFound(Timestamp now)
    {
        if (torrent.Ledger.Have.Count == 0)
            return;
        foreach (Peer peer in torrent.Peers.All)
            Owe(peer, new Bitfield(0), tellsUploadOnly: false);
        Tick(now);
    }

    /// <summary>Reveals everything to peers that were offered only a few pieces, and then tells them that we want nothing.</summary>
    public void Reveal(IReadOnlyCollection<HiddenPeer> hidden, Timestamp now)
    {
        foreach (HiddenPeer one in hidden)
            Owe(one.Peer, one.Told, tellsUploadOnly: true);
        Tick(now);
    }

    /// <summary>A peer is gone, or is to receive no more updates.</summary>
    public void Forget(Peer peer)
    {
        for (int i = _owed.Count; i > 0; i--)
        {
            OwedHaves owed = _owed.Dequeue();
            if (owed.Peer != peer)
                _owed.Enqueue(owed);
        }
    }

    /// <summary>Sends further Have messages; peers that have received theirs queue behind those that have not.</summary>
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
    /// Tells one peer whether we still want pieces. A second extension handshake can only say that we do not: libtorrent clients ignore the
    /// opposite there. That we want pieces again is sent as libtorrent's own message, to peers that support it.
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

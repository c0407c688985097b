using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>
/// Super-seeding (BEP 16): while the connected peers do not have every piece between them, a seed that seems to be the only one reveals to
/// each peer only pieces that no other peer has or was offered, one after the other. So the first copy of every piece is uploaded once, and
/// each peer has what the others want. Once the peers have every piece between them, everything is revealed to all.
/// </summary>
/// <remarks>
/// No more is revealed than can be sent within a short time: with few pieces in transit, each is soon complete and can be passed on. A
/// peer that passes on what it received is offered the next piece before peers that do not, but no bandwidth is left unused. What was
/// sent counts as in transit until there is a sign that it has arrived, since it may wait at a slow line: the peer loses interest, or
/// others have the piece. Peers request what is revealed to them without an upload slot; only as many as there are slots are busy at once.
/// A peer that was connected alone knows that we have everything. When others connect, whatever it has not requested is withdrawn
/// (BEP 54); if it does not support that, what it requests is revealed to nobody else. A peer without the metadata is left alone until it
/// has it: most clients ignore a loss of pieces that they do not know.
/// A peer that passes nothing on while others do is a free-rider: it comes last, also when this is over, and what only it has is offered to
/// others once more.
/// Peers may be slow to pass on what they have, or may never do it. So super-seeding also ends when each piece has been sent once and the
/// line has been idle for a moment: peers that others do not serve are served by us.
/// </remarks>
internal sealed class FirstCopy(TorrentContext torrent, Extensions extensions, Updates updates) : IOffer
{
    // How far ahead pieces are revealed, at the current upload rate. A peer needs up to two round trips to request a piece, and round trips
    // are long on a busy line: whenever we have been idle for a while although enough was revealed, more is revealed from then on.
    private static readonly TimeSpan LeastAhead = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private const double Further = 1.25;

    // How many peers that have downloaded nothing from us yet may hold a piece at once. Other peers do not wait for them.
    private const int MostOnTrial = 4;

    // A seed that sends nothing for this long stops hiding pieces for some time: the connected peers want nothing, or are only obstructing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    // How often to check whether something can be revealed.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<PeerKey, HiddenPeer> _hidden = [];
    private readonly CopyCount _copies = new();
    private readonly CopyProgress _progress = new();
    private Bitfield _again = new(0);
    private Peer? _first;
    private HiddenPeer? _asked;
    private bool _hasChanged;
    private TimeSpan _ahead = LeastAhead;
    private Timestamp _restsUntil = new(long.MinValue);
    private Timestamp _next = new(long.MinValue);

    /// <summary>Whether any peer does not know that we have everything.</summary>
    public bool IsActive => _hidden.Count > 0;

    public Bitfield PiecesFor(Bitfield have, Peer peer) => _hidden.TryGetValue(peer.Key, out HiddenPeer? hidden) ? hidden.Told : have;

    public bool Includes(Bitfield have, Peer peer, PieceIndex piece) =>
        have[piece] && (!_hidden.TryGetValue(peer.Key, out HiddenPeer? hidden) || hidden.Told[piece]);

    public bool IsHiddenFrom(Peer peer) => _hidden.ContainsKey(peer.Key);

    public int HiddenCount => _hidden.Count;

    /// <summary>A peer has connected; nothing has been revealed to it. It is in the torrent's <see cref="PeerSet"/>.</summary>
    public void OnConnected(Peer peer, Timestamp now)
    {
        if (!ReferenceEquals(torrent.Offer, this))
            return;
        if (!IsActive)
        {
            _progress.Begin(now);
            _again = new Bitfield(torrent.HasContent ? torrent.Layout.PieceCount : 0);
        }

        if (now >= _restsUntil && IsWorthIt(now) && !HasCopy())
            Add(new HiddenPeer(peer, torrent.Layout.PieceCount));
        else if (torrent.Peers.Count == 1)
            (_first, _asked) = (peer, null);
    }

    /// <summary>The number of upload slots has changed.</summary>
    public void OnSlots(Timestamp now)
    {
        _next = now;
        RevealMore(now);
    }

    /// <summary>Whether the peers from which something is hidden have changed since the last call.</summary>
    public bool TakeChanged()
    {
        bool hasChanged = _hasChanged;
        _hasChanged = false;
        return hasChanged;
    }

    /// <summary>A peer has disconnected; the pieces revealed to it are offered to others.</summary>
    public void OnGone(Peer peer)
    {
        if (_hidden.Remove(peer.Key, out HiddenPeer? hidden) && hidden.IsFreeRider)
            peer.Uploads.OnPassedOnNothing();
        updates.Forget(peer);
        if (_first == peer)
            (_first, _asked) = (null, null);
    }

    /// <summary>A peer requests a block, which will be sent.</summary>
    public void OnRequested(Peer peer, BlockRange block, Timestamp now)
    {
        // It has taken its first offer.
        if (!peer.Uploads.HasSent && peer.Uploads.Queued == 1)
            _next = now;
        if (_first != peer || !torrent.Ledger.IsFinished || torrent.Layout.PieceCount > Limits.MaxHiddenPieces)
            return;
        _asked ??= new HiddenPeer(peer, torrent.Layout.PieceCount);
        if (_asked.Told[block.Piece])
            return;
        if (_asked.Open.Count == FirstCopyLimits.MaxAskedPieces)
            _asked.Told.Add(block.Piece);
        else
            _asked.Grant(block.Piece, torrent.Layout.LengthOf(block.Piece), now);
    }

    /// <summary>A peer wants nothing more of what it knows that we have.</summary>
    public void OnSatisfied(Peer peer, Timestamp now)
    {
        if (_hidden.TryGetValue(peer.Key, out HiddenPeer? hidden))
            OnArrived(hidden.OnSatisfied(), now);
    }

    /// <summary>A peer has a further piece.</summary>
    public void OnHave(Peer peer, PieceIndex piece, Timestamp now)
    {
        if (IsActive && !_copies.There[piece])
            _progress.OnSpread(now);
        bool isFromOthers = IsActive && !_again[piece] && !(_hidden.TryGetValue(peer.Key, out HiddenPeer? known) && known.Told[piece]);
        foreach (HiddenPeer hidden in _hidden.Values)
        {
            OnArrived(hidden.OnPassedOn(piece), now);
            if (isFromOthers)
                hidden.OnSpread(piece);
        }
    }

    /// <summary>A peer has all of these pieces, some of which it was not known to have.</summary>
    public void OnHaves(Bitfield pieces, Timestamp now)
    {
        foreach (HiddenPeer hidden in _hidden.Values)
            OnArrived(hidden.OnPassedOn(pieces), now);
    }

    /// <summary>A block has been sent to a peer.</summary>
    public void OnSent(Peer peer, BlockRange block, Timestamp now)
    {
        if (_first == peer && _asked is not null)
        {
            _asked.OnSent(block, now);
            _asked.ForgetIfSent(block.Piece);
        }

        if (!IsActive)
            return;
        _progress.OnSent(now);
        if (_hidden.TryGetValue(peer.Key, out HiddenPeer? hidden))
            hidden.OnSent(block, now);
    }

    /// <summary>Reveals further pieces if there is bandwidth for them.</summary>
    public void RevealMore(Timestamp now)
    {
        if (!IsActive)
            return;

        // At once, before it is unchoked: the requests for what it loses would be rejected.
        if (_first is { KnowsPieces: true } first && extensions.Takes(first, ExtensionRows.LostPieces))
            Hide(first, now);
        if (now < _next)
            return;
        FindFreeRiders(_progress.TimeToPassOn(now), now);
        long room = BytesAheadWanted(now);
        foreach (HiddenPeer hidden in _hidden.Values)
        {
            hidden.Update(now, _progress.LastArrival);
            room -= hidden.BytesAhead(now);
        }

        if (room <= 0)
        {
            SendFurtherAhead(now);
            return;
        }

        if (IsOver(now))
        {
            Reveal(now);
            return;
        }

        _copies.CountTaken(_hidden.Values, _asked, now);
        while (room > 0 && NextPeer(now) is { } next && TryGrant(next, now))
            room -= next.IsProven ? torrent.Layout.PieceLength : 0;
        if (room > 0)
            _next = now + Interval;
    }

    /// <summary>Reveals further pieces when due, or everything once super-seeding is over.</summary>
    public void Tick(Timestamp now)
    {
        if (!IsActive)
            return;
        bool isInVain = now - _progress.Last >= Patience && IsIdle(now);
        if (isInVain)
            _restsUntil = now + Rest;
        if (isInVain || IsOver(now))
            Reveal(now);
        else
            RevealMore(now);
    }

    /// <summary>See <see cref="TorrentMachine.NextDue"/>.</summary>
    public Timestamp NextDue(Timestamp now)
    {
        foreach (HiddenPeer hidden in _hidden.Values)
        {
            if (hidden.Peer.Uploads.IsInterested)
                return now + Interval;
        }

        if (!IsActive)
            return Timestamp.Never;
        Timestamp paused = _progress.Last + _progress.PauseAfterCopy;
        return paused > now ? paused : Timestamp.Max(_progress.Last + Patience, now + Interval);
    }

    private bool IsAnyReceiving => _hidden.Values.Any(static hidden => hidden.IsReceiving);

    private void OnArrived(long bytes, Timestamp now)
    {
        if (bytes == 0)
            return;
        _progress.OnArrived(bytes, now);
        _next = now;
    }

    // At least two pieces, so that the next is requested before the last has been sent.
    private long BytesAheadWanted(Timestamp now)
    {
        double rate = _progress.RateAt(now, torrent.Upload.RateAt(now));
        return Math.Max((long)(rate * _ahead.TotalSeconds), 2L * torrent.Layout.PieceLength);
    }

    private void SendFurtherAhead(Timestamp now)
    {
        if (!IsIdle(now))
            return;
        _ahead = _ahead * Further < MostAhead ? _ahead * Further : MostAhead;
        _next = now + Pause;
    }

    // Whether we seem to be the only seed and several peers want what we have.
    private bool IsWorthIt(Timestamp now)
    {
        if (torrent.Settings.SuperSeeding == SuperSeeding.Never || !torrent.HasContent || !torrent.Ledger.Have.IsFull
            || torrent.Layout.PieceCount is < Limits.MinHiddenPieces or > Limits.MaxHiddenPieces)
            return false;
        if (torrent.Settings.SuperSeeding == SuperSeeding.Always)
            return true;
        bool isAlone = torrent.Peers.Count < 2 && torrent.Book.IdleCount + torrent.Book.DiallingCount < 2;
        return !isAlone && torrent.Identity.WebSeeds.IsEmpty && torrent.SeedsAnnounced <= 1 && !torrent.Book.HasSeenSeed(now);
    }

    // Whether there is nothing to gain by hiding pieces any longer. If nobody passes anything on, hiding does not resume for some time.
    private bool IsOver(Timestamp now)
    {
        if (!IsWorthIt(now) || HasCopy())
            return true;
        if (now - _progress.Last < _progress.PauseAfterCopy || !HasNothingToSend(now, CopyProgress.LeastPause) || IsAnyReceiving)
            return false;
        _copies.CountTaken(_hidden.Values, _asked, now);
        if (!_copies.Taken.IsFull)
            return false;

        // A peer that has passed nothing on by now will not.
        FindFreeRiders(TimeSpan.Zero, now);
        if (HasCopy())
            return true;
        _copies.CountTaken(_hidden.Values, _asked, now);
        if (!_copies.Out.IsFull)
            return false;
        _restsUntil = now + Rest;
        return true;
    }

    // Whether the peers have every piece between them.
    private bool HasCopy()
    {
        _copies.Count(torrent.Peers, torrent.Layout.PieceCount, _hidden);
        return _copies.There.IsFull;
    }

    // Whether we have had nothing to send for a while, and nothing is on its way.
    private bool IsIdle(Timestamp now) => HasNothingToSend(now, Pause) && !IsAnyReceiving;

    private bool HasNothingToSend(Timestamp now, TimeSpan pause)
    {
        if (now - _progress.LastSent < pause)
            return false;
        foreach (Peer peer in torrent.Peers.All)
        {
            if (peer.Uploads.Queued > 0)
                return false;
        }

        return true;
    }

    // A peer that passes nothing on while others do is a free-rider: what it has is offered to others once more.
    private void FindFreeRiders(TimeSpan patience, Timestamp now)
    {
        bool isPassedOn = _hidden.Values.Any(static hidden => hidden.HasPassedOn);
        foreach (HiddenPeer hidden in _hidden.Values)
            hidden.IsFreeRider = !hidden.HasPassedOn && (hidden.IsFreeRider || (isPassedOn && now >= hidden.FirstSent + patience));
    }

    // Prefers the peer that passes on, then the one that keeps the fewest pieces to itself, then the one with the least left to fetch, then
    // the one that has waited longest. No more peers at once than there are upload slots.
    private HiddenPeer? NextPeer(Timestamp now)
    {
        HiddenPeer? next = null;
        int busy = 0;
        int onTrial = 0;
        foreach (HiddenPeer hidden in _hidden.Values)
        {
            busy += hidden.IsBusy(now) ? 1 : 0;
            onTrial += hidden.IsOnTrial(now) ? 1 : 0;
        }

        bool areSlotsFree = busy + onTrial < torrent.UploadSlots.Allowed;
        foreach (HiddenPeer hidden in _hidden.Values)
        {
            bool isFree = hidden.IsBusy(now) || (areSlotsFree && (hidden.IsProven || onTrial < MostOnTrial));
            if (isFree && hidden.HasRoom(torrent.Layout.PieceLength, now) && !hidden.Peer.OnlyUploads
                && (next is null || RankOf(hidden).CompareTo(RankOf(next)) < 0))
                next = hidden;
        }

        return next;

        static (bool, int, int, Timestamp) RankOf(HiddenPeer hidden) =>
            (hidden.IsFreeRider, hidden.Kept, hidden.Open.Count, hidden.LastGrant);
    }

    // Picks a piece that nobody has or is receiving, or else one that only free-riders have. If there is none and nothing is being sent,
    // picks one that has not been sent.
    private bool TryGrant(HiddenPeer hidden, Timestamp now)
    {
        PieceIndex from = new(torrent.Random.Next(torrent.Layout.PieceCount));
        Bitfield have = torrent.Ledger.Have;
        PieceIndex? found = have.FirstNotIn(_copies.Taken, from) ?? have.FirstNotIn(_copies.Taken, default);
        if (found is null && !hidden.IsFreeRider)
            found = FirstLacking(hidden, _copies.Coming, from);
        if (found is null && IsIdle(now))
            found = FirstLacking(hidden, _copies.Out, from);
        if (found is not { } piece)
            return false;
        if (_hidden.Values.Any(other => other.Told[piece]))
            _again.Add(piece);
        _copies.Taken.Add(piece);
        _copies.Coming.Add(piece);
        hidden.Grant(piece, torrent.Layout.LengthOf(piece), now);
        hidden.Peer.Send(PeerMessage.Have(piece), now);
        return true;
    }

    private PieceIndex? FirstLacking(HiddenPeer hidden, Bitfield set, PieceIndex from)
    {
        Bitfield have = torrent.Ledger.Have;
        PieceIndex? piece = have.FirstNotIn(set, from) ?? have.FirstNotIn(set, default);
        while (piece is { } found && hidden.Told[found])
            piece = have.FirstNotIn(set, new PieceIndex(found.Value + 1));
        return piece;
    }

    // The peer knew that we have everything. It keeps what it has requested; as far as it knows, we no longer have the rest.
    private void Hide(Peer peer, Timestamp now)
    {
        HiddenPeer hidden = _asked ?? new HiddenPeer(peer, torrent.Layout.PieceCount);
        Add(hidden);
        updates.Forget(peer);
        updates.SendUploadOnly(peer, now);
        for (int i = 0; i < torrent.Layout.PieceCount; i++)
        {
            PieceIndex piece = new(i);
            if (peer.Has[piece])
                hidden.Told.Add(piece);
            else if (!hidden.Told[piece])
                LostPieces.Send(peer, extensions, piece, now);
        }

        (_first, _asked) = (null, null);
        _next = now;
    }

    private void Add(HiddenPeer hidden)
    {
        _hidden.Add(hidden.Peer.Key, hidden);
        _hasChanged = true;
    }

    private void Reveal(Timestamp now)
    {
        _hasChanged = true;
        HiddenPeer[] all = [.. _hidden.Values];
        foreach (HiddenPeer hidden in all)
        {
            if (hidden.IsFreeRider && now >= hidden.FirstSent + _progress.TimeToPassOn(now))
                hidden.Peer.Uploads.OnPassedOnNothing();
        }

        _hidden.Clear();
        (_first, _asked) = (null, null);
        updates.Reveal(all, now);
    }
}

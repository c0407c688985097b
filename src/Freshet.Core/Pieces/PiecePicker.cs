using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Freshet.Core.Rates;

namespace Freshet.Core.Pieces;

/// <summary>
/// Chooses what to ask a peer for. What it picks is noted in the ledger as requested, so a block is picked once, but for late deadlines.
/// </summary>
/// <remarks>
/// In this order: pieces with a deadline; the piece the peer is at; others that are begun, the most complete first; a new piece,
/// the rarest first, or for a source that takes runs the one behind its last. The pieces of the fast are left to them, and a fast peer
/// rather begins one of its own, unless so many are begun that they must be finished first. When every block to be had is asked for, it is
/// endgame, which is not decided here: it takes the peers' rates. A peer costs one search when it is through with its piece, and else only
/// the blocks it gets.
/// </remarks>
internal sealed class PiecePicker(PieceLedger ledger, Availability availability)
{
    // Whoever delivers within this time is in time for any deadline, even one that has passed.
    private static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(2);

    // A piece that is waited for is divided among as many peers, if there are.
    private const int UrgentShare = 4;

    private readonly NewPieceChooser _newPieces = new(ledger, availability);
    private readonly Dictionary<PeerKey, PieceIndex> _current = [];

    /// <summary>Whether pieces are begun in the order of their numbers, not of their rarity.</summary>
    public bool IsSequential
    {
        get => _newPieces.IsSequential;
        set => _newPieces.IsSequential = value;
    }

    /// <summary>Pieces that are waited for and come before all others.</summary>
    public PieceDeadlines Deadlines { get; } = new();

    // As many begun pieces as this wait to be finished before further ones are begun.
    private bool IsCrowded =>
        ledger.Started.Count > availability.PeerCount * 3 / 2
        || (ledger.Started.Count > availability.PeerCount
            && (long)ledger.Started.Count * ledger.Layout.BlocksPerPiece > PieceLimits.CrowdedBlocks);

    /// <summary>
    /// Picks blocks to ask a peer for, at most as many as fit, and notes in the ledger that it is asked. Zero if there is nothing to
    /// be had from it now.
    /// </summary>
    public int Pick(in PickContext peer, Span<BlockRef> into)
    {
        if (ledger.IsFinished || into.IsEmpty)
            return 0;
        if (peer.IsChoking)
            return PickAllowedFast(peer, into);

        int count = 0;
        if (Deadlines.Count > 0 && !peer.IsSnubbed && !peer.IsOnParole)
        {
            Deadlines.ClearThoseOf(ledger.Have);
            if (peer.UrgentDepth > 0 && Deadlines.Count > 0 && IsUrgent(Deadlines.All[0], peer.Now))
                into = into[..Math.Clamp(peer.UrgentDepth - peer.Outstanding, 0, into.Length)];
            count = PickDeadlines(peer, into);
        }

        if (count < into.Length && TryGetCurrent(peer, out StartedPiece? current))
            count += Take(current, peer, into[count..]);
        while (count < into.Length && (TryFollow(peer, out StartedPiece? next) || TryFindNext(peer, out next)))
            count += Take(next, peer, into[count..]);
        return count;
    }

    /// <summary>Whether every block that a connected peer has is asked for, so that only what others are asked for is left.</summary>
    public bool IsEndgame => !ledger.IsFinished && !AnythingIsFree(butReserved: false);

    /// <summary>Tells that a peer will not go on with its piece: it is gone, chokes us or is snubbed. Others may finish it.</summary>
    public void Abandon(PeerKey peer)
    {
        if (_current.Remove(peer, out PieceIndex piece) && ledger.Started.TryGet(piece, out StartedPiece? current))
            current.Pace = PeerPace.Slow;
        foreach (StartedPiece started in ledger.Started.WithFree)
        {
            if (started.ReservedFor == peer)
                started.ReservedFor = null;
        }
    }

    private int Take(StartedPiece started, in PickContext peer, Span<BlockRef> into)
    {
        if (peer.IsOnParole)
            started.ReservedFor = peer.Peer;
        CollectionsMarshal.GetValueRefOrAddDefault(_current, peer.Peer, out _) = started.Piece;
        return ledger.RequestFree(started, peer.Peer, peer.Pace, into);
    }

    private bool TryGetCurrent(in PickContext peer, [NotNullWhen(true)] out StartedPiece? started)
    {
        started = null;
        return _current.TryGetValue(peer.Peer, out PieceIndex piece)
            && ledger.Started.TryGet(piece, out started)
            && IsOpenTo(started, peer)
            && (!peer.IsOnParole || started.ReservedFor == peer.Peer);
    }

    // The piece behind the one that the peer was at, if nobody is at it and it is wanted as much.
    private bool TryFollow(in PickContext peer, [NotNullWhen(true)] out StartedPiece? started)
    {
        started = null;
        if (!peer.TakesRuns || !ledger.CanStart || !_current.TryGetValue(peer.Peer, out PieceIndex piece))
            return false;
        PieceIndex next = new(piece.Value + 1);
        if (!ledger.Layout.Contains(next) || !peer.Has[next] || !ledger.IsOpen(next) || ledger.PriorityOf(next) < ledger.PriorityOf(piece))
            return false;
        started = ledger.Start(next);
        return true;
    }

    private bool IsOpenTo(StartedPiece started, in PickContext peer) =>
        started.FreeCount > 0
        && peer.Has[started.Piece]
        && (started.ReservedFor is null || started.ReservedFor == peer.Peer)
        && ledger.IsMissing(started.Piece);

    private bool TryFindNext(in PickContext peer, [NotNullWhen(true)] out StartedPiece? started)
    {
        bool crowded = IsCrowded;
        bool joins = !peer.IsOnParole && ledger.Started.WithFree.Length > 0;
        for (PiecePriority priority = PiecePriority.Edge; priority >= PiecePriority.Low; priority--)
        {
            if (joins && (crowded || peer.Pace != PeerPace.Fast)
                && TryJoin(peer, priority, crowded ? PeerPace.Fast : peer.Pace, out started))
                return true;
            if (ledger.CanStart && _newPieces.TryChoose(peer, priority, out PieceIndex piece))
            {
                started = ledger.Start(piece);
                return true;
            }
        }

        for (PiecePriority priority = PiecePriority.Edge; joins && priority >= PiecePriority.Low; priority--)
        {
            if (TryJoin(peer, priority, PeerPace.Fast, out started))
                return true;
        }

        started = null;
        return false;
    }

    // The begun piece that lacks the fewest requests, of those that nobody faster than so is at; in sequential mode the first.
    private bool TryJoin(in PickContext peer, PiecePriority priority, PeerPace pace, [NotNullWhen(true)] out StartedPiece? started)
    {
        started = null;
        int best = int.MaxValue;
        foreach (StartedPiece candidate in ledger.Started.WithFree)
        {
            int rank = IsSequential ? candidate.Piece.Value : candidate.FreeCount;
            if (rank >= best || candidate.Pace > pace || ledger.PriorityOf(candidate.Piece) != priority || !IsOpenTo(candidate, peer))
                continue;
            best = rank;
            started = candidate;
        }

        return started is not null;
    }

    private int PickAllowedFast(in PickContext peer, Span<BlockRef> into)
    {
        int count = 0;
        foreach (PieceIndex piece in peer.AllowedFast)
        {
            if (count == into.Length)
                break;
            if (peer.Has[piece] && TryGetOrStart(peer, piece, out StartedPiece? started))
                count += ledger.RequestFree(started, peer.Peer, peer.Pace, into[count..]);
        }

        return count;
    }

    // The first pieces go to those who deliver them in time. Who cannot begins with the last: so the first are not held up by whoever
    // happens to ask, and all are asked for nevertheless.
    private int PickDeadlines(in PickContext peer, Span<BlockRef> into)
    {
        ReadOnlySpan<PieceDeadline> all = Deadlines.All;
        int count = 0;
        for (int i = 0; i < all.Length && count < into.Length; i++)
        {
            if (IsInTime(peer, all[i]))
                count += PickDeadline(peer, all[i], i < PieceLimits.MaxDuplicatedPieces, into[count..]);
        }

        for (int i = all.Length - 1; i >= 0 && count < into.Length; i--)
        {
            if (!IsInTime(peer, all[i]))
                count += PickDeadline(peer, all[i], i < PieceLimits.MaxDuplicatedPieces, into[count..]);
        }

        return count;
    }

    private static bool IsInTime(in PickContext peer, PieceDeadline deadline) =>
        peer.TimeToDeliver <= SoonEnough || peer.Now + peer.TimeToDeliver <= deadline.Due;

    // Somebody waits for the piece, or soon will.
    private static bool IsUrgent(PieceDeadline deadline, Timestamp now) => deadline.Due <= now + SoonEnough;

    private int PickDeadline(in PickContext peer, PieceDeadline deadline, bool mayDuplicate, Span<BlockRef> into)
    {
        // What is urgent comes soonest from several at once.
        if (peer.UrgentDepth > 0 && IsUrgent(deadline, peer.Now))
            into = into[..Math.Min(into.Length, Math.Max(1, peer.UrgentDepth / Math.Clamp(availability.PeerCount, 1, UrgentShare)))];
        if (!peer.Has[deadline.Piece] || !ledger.IsMissing(deadline.Piece))
            return 0;
        if (TryGetOrStart(peer, deadline.Piece, out StartedPiece? started))
            return ledger.RequestFree(started, peer.Peer, peer.Pace, into);
        bool isLate = mayDuplicate && deadline.Due <= peer.Now
            && ledger.Started.TryGet(deadline.Piece, out started) && started.ReservedFor is null;
        return isLate ? started!.RequestBusy(peer.Peer, others: 1, into) : 0;
    }

    // A given piece, if the peer may be asked for free blocks of it.
    private bool TryGetOrStart(in PickContext peer, PieceIndex piece, [NotNullWhen(true)] out StartedPiece? started)
    {
        if (ledger.Started.TryGet(piece, out started))
            return IsOpenTo(started, peer) && (!peer.IsOnParole || started.ReservedFor == peer.Peer);
        if (!ledger.IsMissing(piece) || !ledger.CanStart)
            return false;
        started = ledger.Start(piece);
        if (peer.IsOnParole)
            started.ReservedFor = peer.Peer;
        return true;
    }

    /// <summary>
    /// Finds a piece that is kept for a suspect much slower than a peer for which nothing else is left: it would hold up the end. To be
    /// taken from the one and given to the other whole, so that it has one sender still.
    /// </summary>
    public bool TryFindHeldUp(in PickContext peer, out PieceIndex piece)
    {
        piece = default;
        if (!MayPickAtTheEnd(peer) || AnythingIsFree(butReserved: true))
            return false;
        return TryFindHeldUp(peer, ledger.Started.WithFree, out piece) || TryFindHeldUp(peer, ledger.Started.Busy, out piece);
    }

    private bool TryFindHeldUp(in PickContext peer, ReadOnlySpan<StartedPiece> among, out PieceIndex piece)
    {
        foreach (StartedPiece started in among)
        {
            piece = started.Piece;
            if (started.ReservedFor is { } holder && holder != peer.Peer && started.Pace < peer.Pace && peer.Has[piece]
                && ledger.IsMissing(piece))
                return true;
        }

        piece = default;
        return false;
    }

    private static bool MayPickAtTheEnd(in PickContext peer) =>
        !peer.IsSnubbed && peer.Outstanding < PieceLimits.MinEndgameRequests && (peer.IsAnswering || peer.Outstanding == 0);

    // Blocks of pieces that no connected peer has do not keep endgame from beginning.
    private bool AnythingIsFree(bool butReserved)
    {
        if (availability.AnyOpen)
            return true;
        foreach (StartedPiece started in ledger.Started.WithFree)
        {
            if ((!butReserved || started.ReservedFor is null) && availability[started.Piece] > 0 && ledger.IsMissing(started.Piece))
                return true;
        }

        return false;
    }
}

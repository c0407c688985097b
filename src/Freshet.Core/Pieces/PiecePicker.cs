using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Freshet.Core.Rates;

namespace Freshet.Core.Pieces;

/// <summary>
/// Chooses what to request from a peer. Picked blocks are recorded in the ledger as requested, so each block is picked only once, except
/// for late deadlines.
/// </summary>
/// <remarks>
/// The order is: pieces with a deadline; the piece that the peer is working on; other started pieces, the most complete first; a new piece,
/// the rarest first or, for a source that prefers runs, the one after its last. Pieces of fast peers are left to them, and a fast peer
/// prefers to start its own, unless so many pieces are started that they must be finished first. Once every available block is requested,
/// the endgame begins; it is decided elsewhere, since it depends on the peers' rates. A peer costs one search when it has finished its
/// piece, and otherwise only the blocks that it gets.
/// </remarks>
internal sealed class PiecePicker(PieceLedger ledger, Availability availability)
{
    // A peer that delivers within this time is fast enough for any deadline, even one that has passed.
    private static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(2);

    // An urgent piece is divided among up to this many peers.
    private const int UrgentShare = 4;

    private readonly NewPieceChooser _newPieces = new(ledger, availability);
    // The piece that each peer is working on.
    private Dictionary<PeerKey, PieceIndex> Current => field ??= [];

    /// <summary>Whether pieces are started in index order rather than by rarity.</summary>
    public bool IsSequential
    {
        get => _newPieces.IsSequential;
        set => _newPieces.IsSequential = value;
    }

    /// <summary>The pieces that are waited for and come before all others.</summary>
    public PieceDeadlines Deadlines { get; } = new();

    // With this many started pieces, they are finished before others are started.
    private bool IsCrowded =>
        ledger.Started.Count > availability.PeerCount * 3 / 2
        || (ledger.Started.Count > availability.PeerCount
            && (long)ledger.Started.Count * ledger.Layout.BlocksPerPiece > PieceLimits.CrowdedBlocks);

    /// <summary>
    /// Picks blocks to request from a peer, at most as many as fit, and records the requests in the ledger. Returns 0 if nothing is
    /// available from it now.
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

    /// <summary>Whether every block that a connected peer has is requested, so that only blocks requested from others are left.</summary>
    public bool IsEndgame => !ledger.IsFinished && !AnythingIsFree(butReserved: false);

    /// <summary>A peer will not continue its piece: it is gone, chokes us or is snubbed. Others may finish the piece.</summary>
    public void Abandon(PeerKey peer)
    {
        if (Current.Remove(peer, out PieceIndex piece) && ledger.Started.TryGet(piece, out StartedPiece? current))
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
        CollectionsMarshal.GetValueRefOrAddDefault(Current, peer.Peer, out _) = started.Piece;
        return ledger.RequestFree(started, peer.Peer, peer.Pace, into);
    }

    private bool TryGetCurrent(in PickContext peer, [NotNullWhen(true)] out StartedPiece? started)
    {
        started = null;
        return Current.TryGetValue(peer.Peer, out PieceIndex piece)
            && ledger.Started.TryGet(piece, out started)
            && IsOpenTo(started, peer)
            && (!peer.IsOnParole || started.ReservedFor == peer.Peer);
    }

    // Starts the piece after the one that the peer was working on, if nobody is working on it and it has the same priority.
    private bool TryFollow(in PickContext peer, [NotNullWhen(true)] out StartedPiece? started)
    {
        started = null;
        if (!peer.TakesRuns || !ledger.CanStart || !Current.TryGetValue(peer.Peer, out PieceIndex piece))
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

    // Finds the started piece with the fewest blocks left to request, among those without a peer faster than the given pace; in sequential
    // mode, the first such piece.
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

    // The first pieces go to peers that can deliver them in time. Other peers start with the last ones: so the first pieces are not held up
    // by whichever peer happens to be next, and all pieces are requested nevertheless.
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

    // A reader waits for the piece, or soon will.
    private static bool IsUrgent(PieceDeadline deadline, Timestamp now) => deadline.Due <= now + SoonEnough;

    private int PickDeadline(in PickContext peer, PieceDeadline deadline, bool mayDuplicate, Span<BlockRef> into)
    {
        // Urgent pieces arrive soonest from several peers at once.
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

    // Returns a given piece if free blocks of it may be requested from the peer.
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
    /// Finds a piece that is reserved for a suspect much slower than a peer that has nothing else to do: it would hold up the end. The
    /// piece is to be reassigned as a whole, so that it still has a single sender.
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

    // Blocks that no connected peer has do not keep the endgame from beginning.
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

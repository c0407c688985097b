using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Pieces;

/// <summary>
/// What is had, what is wanted, and what is on its way. A piece is either had, or started (some of its blocks are asked for, or
/// there and not verified), or neither; it is <em>open</em>, in the order of rarity, exactly if it is neither and wanted.
/// </summary>
internal sealed class PieceLedger
{
    private readonly Availability _availability;

    // Null while all are normal.
    private byte[]? _priorities;
    private readonly Bitfield _have;
    private readonly Bitfield _missing;
    private readonly StartedPieces _started;
    private readonly int _mostStarted;

    /// <summary>Nothing is had, and everything wanted.</summary>
    public PieceLedger(PieceLayout layout, Availability availability)
    {
        Layout = layout;
        _availability = availability;
        _have = new Bitfield(layout.PieceCount);
        _missing = new Bitfield(layout.PieceCount);
        _started = new StartedPieces(layout);
        _mostStarted = StartedPieces.MostOf(layout);
        _missing.AddAll();
        WantedBytesLeft = layout.TotalLength;
    }

    /// <summary>The contributor of blocks that were there from an earlier run.</summary>
    public static PeerKey FromDisk => new(-1);

    public PieceLayout Layout { get; }

    /// <summary>The pieces that are there and verified. Not to be changed but by the ledger.</summary>
    public Bitfield Have => _have;

    /// <summary>The pieces that are wanted and not verified, begun ones included. Not to be changed but by the ledger.</summary>
    public Bitfield Missing => _missing;

    /// <summary>The pieces begun.</summary>
    public StartedPieces Started => _started;

    /// <summary>Bytes of the wanted pieces that are not verified.</summary>
    public long WantedBytesLeft { get; private set; }

    /// <summary>Bytes of blocks that are there, of pieces not verified.</summary>
    public long UnverifiedBytes { get; private set; }

    /// <summary>Whether every wanted piece is verified.</summary>
    public bool IsFinished => _missing.Count == 0;

    /// <summary>Whether another piece may be begun.</summary>
    public bool CanStart => _started.Count < _mostStarted;

    /// <summary>Whether a piece was ever given another priority than the normal one.</summary>
    public bool HasPriorities => _priorities is not null;

    public PiecePriority PriorityOf(PieceIndex piece) =>
        _priorities is null ? PiecePriority.Normal : (PiecePriority)_priorities[piece.Value];

    /// <summary>Whether a piece is wanted and not verified: a peer that gets it becomes interesting.</summary>
    public bool IsMissing(PieceIndex piece) => _missing[piece];

    /// <summary>
    /// Whether a peer has a piece that is wanted and not verified, so that we are interested in it. A few words are looked at, seldom all.
    /// </summary>
    public bool WantsAnyOf(Bitfield has) => has.IsFull ? !IsFinished : has.Intersects(_missing);

    /// <summary>Whether a piece is had neither in whole nor in part, and wanted.</summary>
    public bool IsOpen(PieceIndex piece) => _missing[piece] && !_started.TryGet(piece, out _);

    /// <summary>Whether all blocks of a piece are there, so that it waits for its hash.</summary>
    public bool IsWaitingForHash(PieceIndex piece) => _started.TryGet(piece, out StartedPiece? started) && started.IsComplete;

    /// <summary>Pieces are about to be asked for: puts the open ones in order.</summary>
    /// <param name="peers">What each connected peer has.</param>
    public void BeginDownload(IEnumerable<Bitfield> peers)
    {
        _availability.Begin(peers);
        Bitfield open = new(Layout.PieceCount);
        for (PiecePriority priority = PiecePriority.Low; priority <= PiecePriority.Edge; priority++)
        {
            open.Clear();
            if (_priorities is not null)
                AddOpen(open, priority);
            else if (priority == PiecePriority.Normal)
                open.CopyFrom(_missing);
            foreach (StartedPiece started in _started.All)
                open.Remove(started.Piece);
            if (open.Count > 0)
                _availability.OpenOnly(open, priority);
        }
    }

    /// <summary>Nothing is asked for until the next <see cref="BeginDownload"/>: lets go of the memory that serves downloading.</summary>
    public void EndDownload()
    {
        _availability.End();
        _started.Trim();
        _have.Trim();
        _missing.Trim();
    }

    /// <summary>
    /// Sets how much a piece is wanted. Of one that is wanted no longer the blocks that are there are given up, unless it waits for its
    /// hash: begun pieces are bounded, and it may never go on.
    /// </summary>
    /// <returns>Whether blocks were given up, so that the disk must forget them.</returns>
    public bool SetPriority(PieceIndex piece, PiecePriority priority)
    {
        if (PriorityOf(piece) == priority)
            return false;
        Close(piece);
        if (_priorities is null)
        {
            _priorities = new byte[Layout.PieceCount];
            Array.Fill(_priorities, (byte)PiecePriority.Normal);
        }

        _priorities[piece.Value] = (byte)priority;
        if (!_have[piece] && _missing[piece] != (priority != PiecePriority.Skip))
            SetMissing(piece, priority != PiecePriority.Skip);
        if (priority == PiecePriority.Skip && _started.TryGet(piece, out StartedPiece? started) && !started.IsComplete)
        {
            bool hasBlocks = started.ReceivedCount > 0;
            Discard(piece);
            return hasBlocks;
        }

        if (IsOpen(piece))
            _availability.Open(piece, priority);
        return false;
    }

    /// <summary>Notes that every piece is there and verified, as <see cref="MarkHave"/> does for one.</summary>
    public void MarkAllHave()
    {
        if (_started.Count > 0 || _availability.IsCounting)
        {
            for (int piece = 0; piece < Layout.PieceCount; piece++)
                MarkHave(new PieceIndex(piece));
            return;
        }

        _have.AddAll();
        _missing.Clear();
        WantedBytesLeft = 0;
    }

    /// <summary>Notes that a piece is there and verified, whether it came from peers or was found on disk.</summary>
    public void MarkHave(PieceIndex piece)
    {
        if (_have[piece])
            return;
        Close(piece);
        _have.Add(piece);
        if (_missing[piece])
            SetMissing(piece, false);
        if (_started.TryGet(piece, out StartedPiece? started))
        {
            UnverifiedBytes -= ReceivedBytesOf(started);
            _started.End(started);
        }
    }

    /// <summary>Notes that a piece that was had is not there after all.</summary>
    public void MarkLost(PieceIndex piece)
    {
        if (!_have.Remove(piece) || PriorityOf(piece) == PiecePriority.Skip)
            return;
        SetMissing(piece, true);
        _availability.Open(piece, PriorityOf(piece));
    }

    /// <summary>
    /// Frees the received blocks of a piece: its hash failed, or the disk lost them. Read the contributors before; what is asked for
    /// stays so.
    /// </summary>
    public void Discard(PieceIndex piece)
    {
        if (!_started.TryGet(piece, out StartedPiece? started))
            return;
        UnverifiedBytes -= ReceivedBytesOf(started);
        List<StartedPiece>? list = _started.ListOf(started);
        started.Discard();
        _started.Move(started, list);
        EndIfUntouched(started);
    }

    /// <summary>
    /// Notes which blocks of a piece are on disk from an earlier run, a bit each, the first the most significant; false if the bits
    /// do not fit the piece, or it is had, begun or not wanted. A piece of which all are there is not taken either: nothing would come to
    /// have it hashed, so it is for the caller to check.
    /// </summary>
    public bool TryRestore(PieceIndex piece, ReadOnlySpan<byte> blocks)
    {
        if (!Layout.Contains(piece) || !_missing[piece] || _started.TryGet(piece, out _) || !CanStart
            || !Bitfield.TryParse(blocks, Layout.BlockCountOf(piece), out Bitfield bits) || bits.Count == 0 || bits.IsFull)
        {
            return false;
        }

        StartedPiece started = Start(piece);
        for (int i = 0; i < started.BlockCount; i++)
        {
            if (bits[new PieceIndex(i)])
                Store(started, i, FromDisk);
        }

        return true;
    }

    /// <summary>
    /// Notes that a peer is no longer asked for a block: it is gone, choked us, rejected the request or took too long. False if it
    /// was not asked, or the block came meanwhile.
    /// </summary>
    public bool Release(BlockRef block, PeerKey peer)
    {
        if (!TryGetStarted(block, out StartedPiece? started))
            return false;
        List<StartedPiece>? list = _started.ListOf(started);
        if (!started.Release(block.Index, peer))
            return false;
        if (started.ReservedFor == peer)
            started.ReservedFor = null;
        if (started.RequestedCount == 0)
            started.Pace = PeerPace.Slow;
        _started.Move(started, list);
        EndIfUntouched(started);
        return true;
    }

    /// <summary>
    /// Notes that a block came. Whether the peer was asked for it is for the caller to know: one that took too long may still be
    /// welcome.
    /// </summary>
    /// <param name="block">A block of the torrent.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="alsoAsked">Filled with the other peers that are asked for it, whose requests are to be cancelled.</param>
    public BlockOutcome Receive(BlockRef block, PeerKey from, List<PeerKey> alsoAsked)
    {
        alsoAsked.Clear();
        if (!_started.TryGet(block.Piece, out StartedPiece? started))
        {
            if (!_missing[block.Piece])
                return BlockOutcome.Unwanted;
            started = Start(block.Piece);
        }
        else if (!_missing[block.Piece])
        {
            Release(block, from);
            return BlockOutcome.Unwanted;
        }

        if (started.StateOf(block.Index) == BlockState.Received)
            return BlockOutcome.Duplicate;
        started.CopyRequesters(block.Index, alsoAsked);
        alsoAsked.Remove(from);
        Store(started, block.Index, from);
        return started.IsComplete ? BlockOutcome.CompletesPiece : BlockOutcome.Accepted;
    }

    /// <summary>Begins an open piece. For the picker: a piece begun must be requested from at once.</summary>
    public StartedPiece Start(PieceIndex piece)
    {
        Close(piece);
        return _started.Begin(piece);
    }

    /// <summary>Asks a peer for free blocks of a begun piece, as many as there are and fit. For the picker.</summary>
    public int RequestFree(StartedPiece started, PeerKey peer, PeerPace pace, Span<BlockRef> into)
    {
        List<StartedPiece>? list = _started.ListOf(started);
        int count = 0;
        started.Pace = started.RequestedCount == 0 || pace < started.Pace ? pace : started.Pace;
        for (int block; count < into.Length && (block = started.FindFree()) >= 0;)
        {
            started.Request(block, peer);
            into[count++] = new BlockRef(started.Piece, block);
        }

        _started.Move(started, list);
        return count;
    }

    /// <summary>
    /// Notes that a peer is asked for a block that others are asked for, but not yet this one; false if as many are asked as may be. For
    /// endgame.
    /// </summary>
    public bool TryRequestAlso(BlockRef block, PeerKey peer)
    {
        if (!TryGetStarted(block, out StartedPiece? started)
            || started.RequesterCountOf(block.Index) is 0 or PieceLimits.MaxRequestersPerBlock)
            return false;
        started.Request(block.Index, peer);
        return true;
    }

    /// <summary>Notes that a peer is asked for a block in place of another, that was asked for it. For endgame.</summary>
    public void TakeOver(BlockRef block, PeerKey from, PeerKey to)
    {
        if (TryGetStarted(block, out StartedPiece? started) && started.IsRequestedOf(block.Index, from))
            started.Replace(block.Index, from, to);
    }

    private void Store(StartedPiece started, int block, PeerKey from)
    {
        List<StartedPiece>? list = _started.ListOf(started);
        started.Receive(block, from);
        UnverifiedBytes += Layout.LengthOf(new BlockRef(started.Piece, block));
        _started.Move(started, list);
    }

    private bool TryGetStarted(BlockRef block, [NotNullWhen(true)] out StartedPiece? started) =>
        _started.TryGet(block.Piece, out started) && (uint)block.Index < (uint)started.BlockCount;

    private void EndIfUntouched(StartedPiece started)
    {
        if (!started.IsUntouched)
            return;
        _started.End(started);
        if (_missing[started.Piece])
            _availability.Open(started.Piece, PriorityOf(started.Piece));
    }

    private void Close(PieceIndex piece)
    {
        if (IsOpen(piece))
            _availability.Close(piece, PriorityOf(piece));
    }

    private void AddOpen(Bitfield open, PiecePriority priority)
    {
        for (PieceIndex? next = _missing.FirstAtOrAfter(default); next is { } piece; next = _missing.FirstAtOrAfter(new(piece.Value + 1)))
        {
            if (PriorityOf(piece) == priority)
                open.Add(piece);
        }
    }

    private void SetMissing(PieceIndex piece, bool missing)
    {
        int length = Layout.LengthOf(piece);
        if (missing)
            _missing.Add(piece);
        else
            _missing.Remove(piece);
        WantedBytesLeft += missing ? length : -length;
    }

    private long ReceivedBytesOf(StartedPiece started)
    {
        long full = (long)started.ReceivedCount * Limits.BlockLength;
        BlockRef last = new(started.Piece, started.BlockCount - 1);
        return started.StateOf(last.Index) == BlockState.Received ? full - Limits.BlockLength + Layout.LengthOf(last) : full;
    }
}

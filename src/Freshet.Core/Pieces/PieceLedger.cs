using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Pieces;

/// <summary>
/// Which pieces we have, which are wanted, and what is requested. A piece is complete, or started (some of its blocks are requested, or
/// received and not verified), or neither; it is <em>open</em>, and in the order of rarity, exactly if it is neither and wanted.
/// </summary>
internal sealed class PieceLedger
{
    private readonly Availability _availability;

    // Null while all priorities are normal.
    private byte[]? _priorities;
    private readonly Bitfield _have;
    private readonly Bitfield _missing;
    private readonly StartedPieces _started;
    private readonly int _mostStarted;

    /// <summary>Starts without any pieces, and with all of them wanted.</summary>
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

    /// <summary>The contributor recorded for blocks from an earlier run.</summary>
    public static PeerKey FromDisk => new(-1);

    public PieceLayout Layout { get; }

    /// <summary>The verified pieces. Changed only by the ledger.</summary>
    public Bitfield Have => _have;

    /// <summary>The pieces that are wanted and not verified, including started ones. Changed only by the ledger.</summary>
    public Bitfield Missing => _missing;

    /// <summary>The started pieces.</summary>
    public StartedPieces Started => _started;

    /// <summary>Bytes of the wanted pieces that are not verified.</summary>
    public long WantedBytesLeft { get; private set; }

    /// <summary>Bytes of received blocks of pieces that are not verified.</summary>
    public long UnverifiedBytes { get; private set; }

    /// <summary>Whether every wanted piece is verified.</summary>
    public bool IsFinished => _missing.Count == 0;

    /// <summary>Whether another piece may be started.</summary>
    public bool CanStart => _started.Count < _mostStarted;

    /// <summary>Whether any piece was ever given a priority other than normal.</summary>
    public bool HasPriorities => _priorities is not null;

    public PiecePriority PriorityOf(PieceIndex piece) =>
        _priorities is null ? PiecePriority.Normal : (PiecePriority)_priorities[piece.Value];

    /// <summary>Whether a piece is wanted and not verified, so that a peer that gets it becomes interesting.</summary>
    public bool IsMissing(PieceIndex piece) => _missing[piece];

    /// <summary>
    /// Whether a peer has a piece that is wanted and not verified, so that we are interested in it. Usually only a few words are examined.
    /// </summary>
    public bool WantsAnyOf(Bitfield has) => has.IsFull ? !IsFinished : has.Intersects(_missing);

    /// <summary>Whether a piece is wanted and neither complete nor started.</summary>
    public bool IsOpen(PieceIndex piece) => _missing[piece] && !_started.TryGet(piece, out _);

    /// <summary>Whether all blocks of a piece have been received, so that it waits for its hash.</summary>
    public bool IsWaitingForHash(PieceIndex piece) => _started.TryGet(piece, out StartedPiece? started) && started.IsComplete;

    /// <summary>Prepares for requests: orders the open pieces.</summary>
    /// <param name="peers">The pieces of each connected peer.</param>
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

    /// <summary>Nothing is requested until the next <see cref="BeginDownload"/>: releases the memory that serves downloading.</summary>
    public void EndDownload()
    {
        _availability.End();
        _started.Trim();
        _have.Trim();
        _missing.Trim();

        // The order in which pieces were wanted no longer matters; which are not wanted still does.
        if (_priorities is not null && !_priorities.AsSpan().Contains((byte)PiecePriority.Skip))
            _priorities = null;
    }

    /// <summary>
    /// Sets the priority of a piece. If it is no longer wanted, its received blocks are discarded unless it waits for its hash: the number
    /// of started pieces is bounded, and this one may never be completed.
    /// </summary>
    /// <returns>Whether blocks were discarded, so that the disk must forget them.</returns>
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

    /// <summary>Marks every piece as verified, as <see cref="MarkHave"/> does for one.</summary>
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

    /// <summary>Marks a piece as verified, whether it was downloaded or found on disk.</summary>
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

    /// <summary>Marks a piece that we had as missing.</summary>
    public void MarkLost(PieceIndex piece)
    {
        if (!_have.Remove(piece) || PriorityOf(piece) == PiecePriority.Skip)
            return;
        SetMissing(piece, true);
        _availability.Open(piece, PriorityOf(piece));
    }

    /// <summary>
    /// Frees the received blocks of a piece: its hash check failed, or the disk lost them. Read the contributors before; outstanding
    /// requests stay.
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
    /// Restores the blocks of a piece that are on disk from an earlier run, one bit per block, the first in the most significant bit; false
    /// if the bits do not fit the piece, or it is complete, started or not wanted. A piece with all its blocks is not restored either: no
    /// block would arrive to trigger its hash check, so the caller must check it.
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
    /// Records that a block is no longer requested from a peer: the peer is gone, choked us, rejected the request or took too long. False
    /// if it was not requested, or has arrived in the meantime.
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
    /// Records that a block has arrived. Whether it was requested from that peer is for the caller to know: a late block may still be
    /// welcome.
    /// </summary>
    /// <param name="block">A block of the torrent.</param>
    /// <param name="from">The sender.</param>
    /// <param name="alsoAsked">Receives the other peers from which the block is requested, whose requests must be cancelled.</param>
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

    /// <summary>Starts an open piece. For the picker, which must request blocks of it at once.</summary>
    public StartedPiece Start(PieceIndex piece)
    {
        Close(piece);
        return _started.Begin(piece);
    }

    /// <summary>Requests free blocks of a started piece from a peer, as many as there are and fit. For the picker.</summary>
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
    /// Records that a block that is requested from others is also requested from this peer; false if the maximum number of requesters is
    /// reached. For the endgame.
    /// </summary>
    public bool TryRequestAlso(BlockRef block, PeerKey peer)
    {
        if (!TryGetStarted(block, out StartedPiece? started)
            || started.RequesterCountOf(block.Index) is 0 or PieceLimits.MaxRequestersPerBlock)
            return false;
        started.Request(block.Index, peer);
        return true;
    }

    /// <summary>Records that a block is now requested from one peer instead of another. For the endgame.</summary>
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

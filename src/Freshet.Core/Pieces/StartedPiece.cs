using System.Runtime.CompilerServices;

namespace Freshet.Core.Pieces;

/// <summary>
/// A piece some of whose blocks are asked for or there, but that is not verified. Each block is free, requested of one to
/// <see cref="PieceLimits.MaxRequestersPerBlock"/> peers, or received from one; the three counts always add up to
/// <see cref="BlockCount"/>.
/// </summary>
/// <remarks>Pooled: it is emptied and used for the next piece. Only the ledger changes it.</remarks>
internal sealed class StartedPiece(int blocksPerPiece)
{
    private readonly Block[] _blocks = new Block[blocksPerPiece];
    private int _firstFree;

    public PieceIndex Piece { get; private set; }

    public int BlockCount { get; private set; }

    public int FreeCount { get; private set; }

    public int RequestedCount { get; private set; }

    public int ReceivedCount => BlockCount - FreeCount - RequestedCount;

    /// <summary>Whether every block is there, so that the piece waits for its hash.</summary>
    public bool IsComplete => ReceivedCount == BlockCount;

    /// <summary>Whether nothing of it is there or on its way.</summary>
    public bool IsUntouched => FreeCount == BlockCount;

    /// <summary>The pace of the slowest who is at work on it; slow, so that anyone may join, when nobody is.</summary>
    public PeerPace Pace { get; set; }

    /// <summary>The peer from whom alone the piece is to come, or null.</summary>
    public PeerKey? ReservedFor { get; set; }

    /// <summary>Where it stands in the list it is in; kept by <see cref="StartedPieces"/>.</summary>
    public int ListPlace { get; set; } = -1;

    public void Begin(PieceIndex piece, int blockCount)
    {
        Array.Clear(_blocks);
        Piece = piece;
        BlockCount = blockCount;
        FreeCount = blockCount;
        RequestedCount = 0;
        Pace = PeerPace.Slow;
        ReservedFor = null;
        _firstFree = 0;
    }

    public BlockState StateOf(int block) => _blocks[block].State;

    /// <summary>Who sent a received block; <see cref="PieceLedger.FromDisk"/> if it was there from an earlier run.</summary>
    public PeerKey ContributorOf(int block) => _blocks[block].Peers[0];

    /// <summary>How many peers are asked for a block.</summary>
    public int RequesterCountOf(int block) => _blocks[block].State == BlockState.Requested ? _blocks[block].PeerCount : 0;

    /// <summary>Whether a peer is asked for a block.</summary>
    public bool IsRequestedOf(int block, PeerKey peer) =>
        _blocks[block].State == BlockState.Requested && Requesters(ref _blocks[block]).Contains(peer);

    /// <summary>Copies the peers that are asked for a block.</summary>
    public void CopyRequesters(int block, List<PeerKey> into)
    {
        if (_blocks[block].State != BlockState.Requested)
            return;
        foreach (PeerKey peer in Requesters(ref _blocks[block]))
            into.Add(peer);
    }

    /// <summary>The next free block, or -1. Blocks are given out from the first on, so that the disk gets them in runs.</summary>
    public int FindFree()
    {
        if (FreeCount == 0)
            return -1;
        while (_blocks[_firstFree].State != BlockState.Free)
            _firstFree++;
        return _firstFree;
    }

    /// <summary>Notes that a peer is asked for a block that it was not asked for, and that is not there.</summary>
    public void Request(int block, PeerKey peer)
    {
        ref Block entry = ref _blocks[block];
        if (entry.State == BlockState.Free)
        {
            entry.State = BlockState.Requested;
            FreeCount--;
            RequestedCount++;
        }

        entry.Peers[entry.PeerCount++] = peer;
    }

    /// <summary>Asks a peer for blocks that exactly so many others are asked for, as many as fit.</summary>
    public int RequestBusy(PeerKey peer, int others, Span<BlockRef> into)
    {
        int count = 0;
        for (int i = 0; i < BlockCount && count < into.Length; i++)
        {
            if (RequesterCountOf(i) != others || IsRequestedOf(i, peer))
                continue;
            Request(i, peer);
            into[count++] = new BlockRef(Piece, i);
        }

        return count;
    }

    /// <summary>Notes that a peer is asked for a block in another's place, which was asked for it.</summary>
    public void Replace(int block, PeerKey peer, PeerKey by)
    {
        Span<PeerKey> peers = Requesters(ref _blocks[block]);
        peers[peers.IndexOf(peer)] = by;
    }

    /// <summary>Notes that a peer is no longer asked for a block; false if it was not.</summary>
    public bool Release(int block, PeerKey peer)
    {
        ref Block entry = ref _blocks[block];
        if (entry.State != BlockState.Requested)
            return false;
        Span<PeerKey> peers = Requesters(ref entry);
        int place = peers.IndexOf(peer);
        if (place < 0)
            return false;
        peers[place] = peers[^1];
        if (--entry.PeerCount == 0)
        {
            entry.State = BlockState.Free;
            FreeCount++;
            RequestedCount--;
            _firstFree = Math.Min(_firstFree, block);
        }

        return true;
    }

    /// <summary>Notes that a block has come from a peer; nobody is asked for it any longer.</summary>
    public void Receive(int block, PeerKey peer)
    {
        ref Block entry = ref _blocks[block];
        if (entry.State == BlockState.Free)
            FreeCount--;
        else
            RequestedCount--;
        entry.State = BlockState.Received;
        entry.PeerCount = 1;
        entry.Peers[0] = peer;
    }

    /// <summary>Makes the received blocks free; what is asked for stays so.</summary>
    public void Discard()
    {
        for (int i = 0; i < BlockCount; i++)
        {
            if (_blocks[i].State == BlockState.Received)
                _blocks[i] = default;
        }

        FreeCount = BlockCount - RequestedCount;
        _firstFree = 0;
    }

    private static Span<PeerKey> Requesters(ref Block entry) => ((Span<PeerKey>)entry.Peers)[..entry.PeerCount];

    private struct Block
    {
        // The requesters, or, of a received block, the contributor.
        public Peers Peers;
        public byte PeerCount;
        public BlockState State;
    }

    [InlineArray(PieceLimits.MaxRequestersPerBlock)]
    private struct Peers
    {
        private PeerKey _first;
    }
}

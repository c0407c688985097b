using System.Runtime.CompilerServices;

namespace Freshet.Core.Pieces;

/// <summary>
/// A piece with requested or received blocks that is not verified. Each block is free, requested from one to
/// <see cref="PieceLimits.MaxRequestersPerBlock"/> peers, or received from one; the three counts always add up to <see cref="BlockCount"/>.
/// </summary>
/// <remarks>Pooled: it is cleared and reused for another piece. Only the ledger changes it.</remarks>
internal sealed class StartedPiece(int blocksPerPiece)
{
    private readonly Block[] _blocks = new Block[blocksPerPiece];
    private int _firstFree;

    public PieceIndex Piece { get; private set; }

    public int BlockCount { get; private set; }

    public int FreeCount { get; private set; }

    public int RequestedCount { get; private set; }

    public int ReceivedCount => BlockCount - FreeCount - RequestedCount;

    /// <summary>Whether every block has been received, so that the piece waits for its hash.</summary>
    public bool IsComplete => ReceivedCount == BlockCount;

    /// <summary>Whether no block is received or requested.</summary>
    public bool IsUntouched => FreeCount == BlockCount;

    /// <summary>The pace of the slowest peer working on it; slow, so that anyone may join, if there is none.</summary>
    public PeerPace Pace { get; set; }

    /// <summary>The only peer from which the piece may be requested, or null.</summary>
    public PeerKey? ReservedFor { get; set; }

    /// <summary>Its index in the list that contains it; maintained by <see cref="StartedPieces"/>.</summary>
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

    /// <summary>The sender of a received block; <see cref="PieceLedger.FromDisk"/> if it is from an earlier run.</summary>
    public PeerKey ContributorOf(int block) => _blocks[block].Peers[0];

    /// <summary>The number of peers from which a block is requested.</summary>
    public int RequesterCountOf(int block) => _blocks[block].State == BlockState.Requested ? _blocks[block].PeerCount : 0;

    /// <summary>Whether a block is requested from a peer.</summary>
    public bool IsRequestedOf(int block, PeerKey peer) =>
        _blocks[block].State == BlockState.Requested && Requesters(ref _blocks[block]).Contains(peer);

    /// <summary>Copies the peers from which a block is requested.</summary>
    public void CopyRequesters(int block, List<PeerKey> into)
    {
        if (_blocks[block].State != BlockState.Requested)
            return;
        foreach (PeerKey peer in Requesters(ref _blocks[block]))
            into.Add(peer);
    }

    /// <summary>The next free block, or -1. Blocks are assigned from the first on, so that the disk receives them in runs.</summary>
    public int FindFree()
    {
        if (FreeCount == 0)
            return -1;
        while (_blocks[_firstFree].State != BlockState.Free)
            _firstFree++;
        return _firstFree;
    }

    /// <summary>Records a request for a block that was not requested from this peer and has not been received.</summary>
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

    /// <summary>Requests from a peer, as many as fit, blocks that are requested from exactly the given number of others.</summary>
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

    /// <summary>Records that a block is now requested from one peer instead of another.</summary>
    public void Replace(int block, PeerKey peer, PeerKey by)
    {
        Span<PeerKey> peers = Requesters(ref _blocks[block]);
        peers[peers.IndexOf(peer)] = by;
    }

    /// <summary>Records that a block is no longer requested from a peer; false if it was not.</summary>
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

    /// <summary>Records that a block has arrived from a peer; it is no longer requested from anybody.</summary>
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

    /// <summary>Frees the received blocks; outstanding requests stay.</summary>
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
        // The requesters or, for a received block, the contributor.
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

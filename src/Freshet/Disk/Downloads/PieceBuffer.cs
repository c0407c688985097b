using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Disk.Downloads;

/// <summary>
/// An unfinished piece: where each of its blocks is. It holds the leases of those in memory. Belongs to one worker; reused for other pieces
/// of its torrent.
/// </summary>
internal sealed class PieceBuffer(TorrentDisk torrent)
{
    private const int ReleaseBatch = 64;

    private readonly BlockLease[] _leases = new BlockLease[torrent.Layout.BlocksPerPiece];
    private readonly BlockPlace[] _places = new BlockPlace[torrent.Layout.BlocksPerPiece];

    public TorrentDisk Torrent { get; } = torrent;

    public PieceIndex Piece { get; private set; }

    /// <summary>The piece's length in bytes.</summary>
    public int Length { get; private set; }

    public int BlockCount { get; private set; }

    /// <summary>The number of blocks in memory or on disk.</summary>
    public int Present { get; private set; }

    /// <summary>The number of blocks in memory.</summary>
    public int Held { get; private set; }

    /// <summary>The number of blocks in memory only.</summary>
    public int Unwritten { get; private set; }

    /// <summary>When the last block arrived.</summary>
    public Timestamp LastTouched { get; set; }

    public bool IsComplete => Present == BlockCount;

    /// <summary>Begins a piece.</summary>
    public void Begin(PieceIndex piece)
    {
        Piece = piece;
        Length = Torrent.Layout.LengthOf(piece);
        BlockCount = Torrent.Layout.BlockCountOf(piece);
        Present = Held = Unwritten = 0;
        Array.Clear(_places);
    }

    public BlockPlace PlaceOf(int block) => _places[block];

    public BlockLease LeaseOf(int block) => _leases[block];

    public int LengthOf(int block) => Math.Min(Limits.BlockLength, Length - (block * Limits.BlockLength));

    /// <summary>Takes a block into memory; false if it is there already.</summary>
    public bool TryHold(int block, BlockLease lease)
    {
        if ((uint)block >= (uint)BlockCount || _places[block] != BlockPlace.Nowhere)
            return false;
        _leases[block] = lease;
        _places[block] = BlockPlace.Memory;
        Present++;
        Held++;
        Unwritten++;
        return true;
    }

    /// <summary>Records a block that is on disk from an earlier run.</summary>
    public void AddWritten(int block)
    {
        if (_places[block] != BlockPlace.Nowhere)
            return;
        _places[block] = BlockPlace.Disk;
        Present++;
    }

    /// <summary>Records that a block in memory is on disk as well.</summary>
    public void SetWritten(int block)
    {
        if (_places[block] == BlockPlace.Memory)
        {
            _places[block] = BlockPlace.Both;
            Unwritten--;
        }
    }

    /// <summary>Frees all memory.</summary>
    public void ReleaseAll() => Release(0, BlockCount);

    /// <summary>Frees the memory of blocks, many with one call to the pool, which all threads share.</summary>
    public void Release(int first, int count)
    {
        BlockPool pool = Torrent.Blocks.Pool;
        Span<BlockLease> batch = stackalloc BlockLease[ReleaseBatch];
        int length = 0;
        for (int block = first; Held > 0 && block < first + count; block++)
        {
            if (!TryLetGo(block))
                continue;
            batch[length++] = _leases[block];
            if (length < ReleaseBatch)
                continue;
            pool.Return(batch);
            length = 0;
        }

        if (length > 0)
            pool.Return(batch[..length]);
    }

    private bool TryLetGo(int block)
    {
        if (_places[block] is not (BlockPlace.Memory or BlockPlace.Both))
            return false;
        if (_places[block] == BlockPlace.Memory)
        {
            Unwritten--;
            Present--;
        }

        _places[block] = _places[block] == BlockPlace.Both ? BlockPlace.Disk : BlockPlace.Nowhere;
        Held--;
        return true;
    }
}

using Freshet.Core.Pieces;

namespace Freshet.Disk.Downloads;

/// <summary>The unfinished pieces of one torrent, and spare buffers for further ones.</summary>
internal sealed class UnfinishedPieces(TorrentDisk torrent)
{
    // More are not worth their memory.
    private const int MaxSpare = 64;

    private readonly Dictionary<int, PieceBuffer> _pieces = [];
    private readonly Stack<PieceBuffer> _spare = new();
    private readonly HashSet<PieceIndex> _failed = [];

    public Dictionary<int, PieceBuffer>.ValueCollection Pieces => _pieces.Values;

    public int Count => _pieces.Count;

    /// <summary>The torrent's memory, which holds the pieces' blocks.</summary>
    public BlockShare Blocks => torrent.Blocks;

    public PieceBuffer? Find(PieceIndex piece) => _pieces.GetValueOrDefault(piece.Value);

    public PieceBuffer FindOrBegin(PieceIndex piece)
    {
        if (_pieces.TryGetValue(piece.Value, out PieceBuffer? buffer))
            return buffer;
        if (!_spare.TryPop(out buffer))
            buffer = new PieceBuffer(torrent);
        buffer.Begin(piece);
        _pieces.Add(piece.Value, buffer);
        return buffer;
    }

    /// <summary>
    /// Records the result for a piece; returns whether the hashes of its blocks may show who sent bad ones, now or before.
    /// </summary>
    public bool NoteVerdict(PieceIndex piece, bool isGood)
    {
        if (isGood)
            return _failed.Count > 0 && _failed.Remove(piece);
        if (_failed.Count < DiskLimits.MaxFailedPieces)
            _failed.Add(piece);
        return true;
    }

    /// <summary>Ends a piece and frees its memory.</summary>
    public void End(PieceBuffer buffer)
    {
        buffer.ReleaseAll();
        _pieces.Remove(buffer.Piece.Value);
        if (_spare.Count < MaxSpare)
            _spare.Push(buffer);
    }
}

using System.Collections.Immutable;

namespace Freshet.Core.Pieces;

/// <summary>
/// How a torrent's bytes, blocks, pieces and files lie to each other. All such arithmetic is here, and nowhere else.
/// </summary>
/// <remarks>
/// Version 1 torrents are one run of bytes: files follow each other without a gap, and a piece may hold parts of several.
/// Version 2 torrents (BEP 52) begin every file on a piece border and end it with a short piece; the gap up to the next border
/// belongs to no piece and no file. Offsets count from the torrent's first byte, gaps included.
/// </remarks>
public sealed class PieceLayout
{
    private readonly ImmutableArray<long> _fileLengths;
    private readonly long[] _fileOffsets;

    // Only files with bytes: a torrent may have a million empty ones between two of them, which no search should walk over.
    private readonly int[] _solidFiles;
    private readonly long[] _solidOffsets;
    private readonly bool _fileAligned;

    /// <summary>Lays out files of these lengths.</summary>
    /// <param name="pieceLength">Bytes of a piece, of every one but the last (with aligned files: the last of each file).</param>
    /// <param name="fileLengths">Bytes of each file in order, pad files counted.</param>
    /// <param name="fileAligned">Whether every file begins on a piece border (version 2).</param>
    public PieceLayout(int pieceLength, ImmutableArray<long> fileLengths, bool fileAligned = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pieceLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieceLength, Limits.MaxPieceLength);
        _fileLengths = fileLengths;
        _fileAligned = fileAligned;
        _fileOffsets = new long[fileLengths.Length];
        PieceLength = pieceLength;

        List<int> solid = new(fileLengths.Length);
        long offset = 0;
        long total = 0;
        for (int i = 0; i < fileLengths.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(fileLengths[i], nameof(fileLengths));
            if (fileAligned && fileLengths[i] > 0)
                offset = RoundUp(offset);
            _fileOffsets[i] = offset;
            offset = checked(offset + fileLengths[i]);
            total += fileLengths[i];
            if (fileLengths[i] > 0)
                solid.Add(i);
        }

        TotalLength = total;
        End = offset;
        long count = (offset / pieceLength) + (offset % pieceLength == 0 ? 0 : 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Limits.MaxPieces, nameof(fileLengths));
        PieceCount = (int)count;
        _solidFiles = [.. solid];
        _solidOffsets = Array.ConvertAll(_solidFiles, file => _fileOffsets[file]);
    }

    /// <summary>Bytes of a full piece.</summary>
    public int PieceLength { get; }

    /// <summary>How many pieces.</summary>
    public int PieceCount { get; }

    /// <summary>Bytes of all files together, pad files counted, gaps not.</summary>
    public long TotalLength { get; }

    /// <summary>How many files, pad files counted.</summary>
    public int FileCount => _fileLengths.Length;

    /// <summary>The offset after the last byte.</summary>
    private long End { get; }

    /// <summary>Whether there is such a piece.</summary>
    public bool Contains(PieceIndex piece) => (uint)piece.Value < (uint)PieceCount;

    /// <summary>The torrent's byte at which a piece begins.</summary>
    public long OffsetOf(PieceIndex piece) => (long)piece.Value * PieceLength;

    /// <summary>The piece that holds a byte of the torrent.</summary>
    public PieceIndex PieceAt(long offset) => new((int)(offset / PieceLength));

    /// <summary>Bytes of a piece.</summary>
    public int LengthOf(PieceIndex piece)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)piece.Value, (uint)PieceCount, nameof(piece));
        long begin = OffsetOf(piece);
        long end = End;
        if (_fileAligned)
        {
            int file = SolidFile(SolidFileAt(begin));
            end = _fileOffsets[file] + _fileLengths[file];
        }

        return (int)Math.Min(PieceLength, end - begin);
    }

    /// <summary>How many blocks of 16 KiB a piece has, the last perhaps short.</summary>
    public int BlockCountOf(PieceIndex piece) => (LengthOf(piece) + Limits.BlockLength - 1) / Limits.BlockLength;

    /// <summary>How many blocks a full piece has: the most of any.</summary>
    public int BlocksPerPiece => (PieceLength + Limits.BlockLength - 1) / Limits.BlockLength;

    /// <summary>Bytes of a block: 16 KiB, or what is left of its piece.</summary>
    internal int LengthOf(BlockRef block) => Math.Min(Limits.BlockLength, LengthOf(block.Piece) - block.Offset);

    /// <summary>The torrent's byte at which a block begins.</summary>
    internal long OffsetOf(BlockRef block) => OffsetOf(block.Piece) + block.Offset;

    /// <summary>The block's run of bytes, as a request says it.</summary>
    internal BlockRange RangeOf(BlockRef block) => new(block.Piece, block.Offset, LengthOf(block));

    /// <summary>Whether a run of bytes lies within an existing piece.</summary>
    internal bool Contains(BlockRange range) =>
        Contains(range.Piece) && range.Offset >= 0 && range.Length > 0 && range.Offset <= LengthOf(range.Piece) - range.Length;

    /// <summary>The block that a run of bytes is, exactly; false if it is not one.</summary>
    internal bool TryGetBlock(BlockRange range, out BlockRef block)
    {
        block = new BlockRef(range.Piece, range.Offset / Limits.BlockLength);
        return Contains(range) && range.Offset % Limits.BlockLength == 0 && range.Length == LengthOf(block);
    }

    /// <summary>The torrent's byte at which a file begins.</summary>
    public long OffsetOfFile(int file) => _fileOffsets[file];

    /// <summary>Bytes of a file.</summary>
    public long LengthOfFile(int file) => _fileLengths[file];

    /// <summary>The pieces that hold at least a byte of a file; none for an empty file.</summary>
    public PieceRange PiecesOfFile(int file)
    {
        long begin = _fileOffsets[file];
        if (_fileLengths[file] == 0)
            return new PieceRange(new PieceIndex((int)Math.Min(begin / PieceLength, PieceCount)), 0);
        int first = (int)(begin / PieceLength);
        int last = (int)((begin + _fileLengths[file] - 1) / PieceLength);
        return new PieceRange(new PieceIndex(first), last - first + 1);
    }

    /// <summary>The runs of files that a run of the torrent's bytes consists of, in order; empty files and gaps are left out.</summary>
    /// <param name="offset">The torrent's byte to begin at.</param>
    /// <param name="length">How many bytes.</param>
    public FileSliceEnumerator SlicesOf(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, End - offset);
        return new FileSliceEnumerator(this, length == 0 ? SolidFileCount : SolidFileAt(offset), offset, length);
    }

    /// <summary>How many files are not empty.</summary>
    internal int SolidFileCount => _solidFiles.Length;

    /// <summary>The file that is so many non-empty ones after the first of those.</summary>
    internal int SolidFile(int solid) => _solidFiles[solid];

    /// <summary>Of the files that are not empty, counted by themselves, the last that begins at or before a byte.</summary>
    private int SolidFileAt(long offset)
    {
        int found = Array.BinarySearch(_solidOffsets, offset);
        return found < 0 ? ~found - 1 : found;
    }

    private long RoundUp(long offset) => checked((offset + PieceLength - 1) / PieceLength * PieceLength);
}

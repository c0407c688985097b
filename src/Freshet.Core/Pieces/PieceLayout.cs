using System.Collections.Immutable;

namespace Freshet.Core.Pieces;

/// <summary>
/// How a torrent's bytes, blocks, pieces and files relate to each other. All such arithmetic is done here and nowhere else.
/// </summary>
/// <remarks>
/// A version 1 torrent is one run of bytes: files follow each other without gaps, and a piece may contain parts of several files. In a
/// version 2 torrent (BEP 52), every file starts on a piece boundary and ends with a short piece; the gap up to the next boundary belongs
/// to no piece and no file. Offsets count from the torrent's first byte, including gaps.
/// </remarks>
public sealed class PieceLayout
{
    private readonly ImmutableArray<long> _fileLengths;
    private readonly long[] _fileOffsets;

    // Only non-empty files: a torrent may have a million empty files between two others, which no search should have to skip.
    private readonly int[] _solidFiles;
    private readonly long[] _solidOffsets;
    private readonly bool _fileAligned;

    /// <summary>Creates the layout of files with the given lengths.</summary>
    /// <param name="pieceLength">The piece length in bytes; only the last piece (with aligned files, the last piece of each file) may be
    /// shorter.</param>
    /// <param name="fileLengths">The length of each file in bytes, in order, including pad files.</param>
    /// <param name="fileAligned">Whether every file starts on a piece boundary (version 2).</param>
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

    /// <summary>The length of a full piece in bytes.</summary>
    public int PieceLength { get; }

    /// <summary>The number of pieces.</summary>
    public int PieceCount { get; }

    /// <summary>The total length of all files in bytes, including pad files but not gaps.</summary>
    public long TotalLength { get; }

    /// <summary>The number of files, including pad files.</summary>
    public int FileCount => _fileLengths.Length;

    /// <summary>The offset after the last byte.</summary>
    private long End { get; }

    /// <summary>Whether the piece exists.</summary>
    public bool Contains(PieceIndex piece) => (uint)piece.Value < (uint)PieceCount;

    /// <summary>The torrent's byte at which a piece starts.</summary>
    public long OffsetOf(PieceIndex piece) => (long)piece.Value * PieceLength;

    /// <summary>The piece that contains a byte of the torrent.</summary>
    public PieceIndex PieceAt(long offset) => new((int)(offset / PieceLength));

    /// <summary>The length of a piece in bytes.</summary>
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

    /// <summary>The number of 16 KiB blocks in a piece; the last one may be shorter.</summary>
    public int BlockCountOf(PieceIndex piece) => (LengthOf(piece) + Limits.BlockLength - 1) / Limits.BlockLength;

    /// <summary>The number of blocks in a full piece.</summary>
    public int BlocksPerPiece => (PieceLength + Limits.BlockLength - 1) / Limits.BlockLength;

    /// <summary>The length of a block in bytes: 16 KiB, or the rest of its piece.</summary>
    internal int LengthOf(BlockRef block) => Math.Min(Limits.BlockLength, LengthOf(block.Piece) - block.Offset);

    /// <summary>The torrent's byte at which a block starts.</summary>
    internal long OffsetOf(BlockRef block) => OffsetOf(block.Piece) + block.Offset;

    /// <summary>The block as a byte range, as in a request.</summary>
    internal BlockRange RangeOf(BlockRef block) => new(block.Piece, block.Offset, LengthOf(block));

    /// <summary>Whether a byte range lies within an existing piece.</summary>
    internal bool Contains(BlockRange range) =>
        Contains(range.Piece) && range.Offset >= 0 && range.Length > 0 && range.Offset <= LengthOf(range.Piece) - range.Length;

    /// <summary>The block that exactly equals a byte range; false if there is none.</summary>
    internal bool TryGetBlock(BlockRange range, out BlockRef block)
    {
        block = new BlockRef(range.Piece, range.Offset / Limits.BlockLength);
        return Contains(range) && range.Offset % Limits.BlockLength == 0 && range.Length == LengthOf(block);
    }

    /// <summary>The torrent's byte at which a file starts.</summary>
    public long OffsetOfFile(int file) => _fileOffsets[file];

    /// <summary>The length of a file in bytes.</summary>
    public long LengthOfFile(int file) => _fileLengths[file];

    /// <summary>The pieces that contain at least one byte of a file; none for an empty file.</summary>
    public PieceRange PiecesOfFile(int file)
    {
        long begin = _fileOffsets[file];
        if (_fileLengths[file] == 0)
            return new PieceRange(new PieceIndex((int)Math.Min(begin / PieceLength, PieceCount)), 0);
        int first = (int)(begin / PieceLength);
        int last = (int)((begin + _fileLengths[file] - 1) / PieceLength);
        return new PieceRange(new PieceIndex(first), last - first + 1);
    }

    /// <summary>Enumerates the file slices that make up a run of the torrent's bytes, in order; empty files and gaps are skipped.</summary>
    /// <param name="offset">The torrent's byte to start at.</param>
    /// <param name="length">The number of bytes.</param>
    public FileSliceEnumerator SlicesOf(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, End - offset);
        return new FileSliceEnumerator(this, length == 0 ? SolidFileCount : SolidFileAt(offset), offset, length);
    }

    /// <summary>The number of non-empty files.</summary>
    internal int SolidFileCount => _solidFiles.Length;

    /// <summary>The index of a file, given its index among the non-empty files.</summary>
    internal int SolidFile(int solid) => _solidFiles[solid];

    /// <summary>The last non-empty file, counted among the non-empty files, that starts at or before a byte.</summary>
    private int SolidFileAt(long offset)
    {
        int found = Array.BinarySearch(_solidOffsets, offset);
        return found < 0 ? ~found - 1 : found;
    }

    private long RoundUp(long offset) => checked((offset + PieceLength - 1) / PieceLength * PieceLength);
}

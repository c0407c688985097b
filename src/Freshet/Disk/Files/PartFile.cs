using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Disk.Files;

/// <summary>
/// A file beside a torrent's own that holds what unwanted files share in pieces with wanted ones, so that unwanted files are not created.
/// Shared pieces are stored in it one after the other, so the place of a byte follows from the torrent alone and need not be recorded.
/// Files for which it holds bytes have their share of such pieces here; all other bytes are in the files themselves.
/// </summary>
/// <param name="layout">The torrent's layout.</param>
// The lock allocates a handle only when someone waits, and may still be in use when the torrent is released, so it is not disposed.
#pragma warning disable CA1001
internal sealed class PartFile(PieceLayout layout)
#pragma warning restore CA1001
{
    private readonly ReaderWriterLockSlim _lock = new();
    private volatile ImmutableHashSet<int> _files = [];
    private EdgePieces? _edges;

    /// <summary>Its index, after those of the torrent's files.</summary>
    public int Index => layout.FileCount;

    /// <summary>Whether it holds bytes of no file.</summary>
    public bool IsEmpty => _files.IsEmpty;

    private EdgePieces Edges => _edges ??= new EdgePieces(layout);

    /// <summary>Its name beside the files of a torrent.</summary>
    public static string NameFor(InfoHash infoHash) => $".{infoHash}.freshet-parts";

    /// <summary>Whether it holds what a file shares with others.</summary>
    public bool Holds(int file) => _files.Contains(file);

    /// <summary>Sets whether it holds that from now on. Called under the lock, except at the beginning.</summary>
    public void Set(int file, bool isHeld) => _files = isHeld ? _files.Add(file) : _files.Remove(file);

    /// <summary>The stored runs that make up a run of the torrent's bytes. Callers that transfer bytes there hold the lock.</summary>
    public StoredSlices SlicesOf(long offset, int length) => new(this, layout.SlicesOf(offset, length), _files);

    /// <summary>Keeps all files where they are during a transfer, until <see cref="Leave"/>; false if that would need a wait.</summary>
    public bool TryEnter(FileTransfer transfer)
    {
        // A single file shares nothing with others.
        if (layout.FileCount < 2)
            return true;
        if (transfer == FileTransfer.ReadCached)
            return _lock.TryEnterReadLock(0);
        _lock.EnterReadLock();
        return true;
    }

    public void Leave()
    {
        if (layout.FileCount >= 2)
            _lock.ExitReadLock();
    }

    /// <summary>Makes system calls during which no bytes are transferred.</summary>
    public T Change<T>(Func<T> calls)
    {
        _lock.EnterWriteLock();
        try
        {
            return calls();
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>The pieces that a file shares with others: at most its first and its last.</summary>
    public IEnumerable<PieceIndex> SharedBy(int file)
    {
        PieceRange range = layout.PiecesOfFile(file);
        if (range.Count == 0)
            yield break;
        if (Edges.NumberOf(range.First) is not null)
            yield return range.First;
        PieceIndex last = new(range.First.Value + range.Count - 1);
        if (range.Count > 1 && Edges.NumberOf(last) is not null)
            yield return last;
    }

    /// <summary>Where the first bytes of a run of such a file are stored, as many as are contiguous.</summary>
    public FileSlice Locate(FileSlice slice)
    {
        long offset = layout.OffsetOfFile(slice.FileIndex) + slice.Offset;
        PieceIndex piece = layout.PieceAt(offset);
        long inPiece = offset - layout.OffsetOf(piece);
        int length = (int)Math.Min(slice.Length, layout.PieceLength - inPiece);
        return Edges.NumberOf(piece) is { } number
            ? new FileSlice(Index, ((long)number * layout.PieceLength) + inPiece, length)
            : slice with { Length = length };
    }
}

using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// The readers of the torrent's files while it downloads, and the deadlines of what each needs next. A reader that seeks does not wait
/// behind what was requested before.
/// </summary>
internal sealed class Reading(TorrentContext torrent, Requesting requesting)
{
    private readonly Dictionary<ReaderKey, Reader> _readers = [];
    private readonly List<PieceIndex> _awaited = [];

    /// <summary>A reader is at a byte and will read on from there.</summary>
    /// <param name="key">The reader, which may be new.</param>
    /// <param name="offset">The torrent's byte that is read next.</param>
    /// <param name="end">The torrent's byte just past the end of the file.</param>
    /// <param name="now">The current time.</param>
    public void Move(ReaderKey key, long offset, long end, Timestamp now)
    {
        if (!_readers.TryGetValue(key, out Reader reader))
        {
            if (_readers.Count == StreamLimits.MaxReaders)
                return;
            _readers[key] = reader = new Reader(new ReadWindow(now), end);
        }

        bool hasJumped = reader.Window.Move(offset, now);
        SetDeadlines(now);
        if (hasJumped && torrent.IsFetching && torrent.Ledger.IsMissing(torrent.Layout.PieceAt(offset)))
            requesting.MakeWay(now);
        requesting.RefillAll(now);
    }

    /// <summary>A reader has closed.</summary>
    public void End(ReaderKey key, Timestamp now)
    {
        if (_readers.Remove(key))
            SetDeadlines(now);
    }

    private void SetDeadlines(Timestamp now)
    {
        PieceDeadlines deadlines = torrent.Picker.Deadlines;
        foreach (PieceIndex piece in _awaited)
            deadlines.Clear(piece);
        _awaited.Clear();
        Dictionary<PieceIndex, Timestamp> due = [];
        int most = _readers.Count == 0 ? 0 : PieceLimits.MaxDeadlines / _readers.Count;
        foreach (Reader reader in _readers.Values)
        {
            foreach (PieceDeadline deadline in reader.Window.DeadlinesAt(torrent.Layout, reader.End, most, now))
            {
                if (!torrent.Ledger.Have[deadline.Piece])
                    due[deadline.Piece] = Timestamp.Min(deadline.Due, due.GetValueOrDefault(deadline.Piece, Timestamp.Never));
            }
        }

        foreach ((PieceIndex piece, Timestamp when) in due)
        {
            if (deadlines.Set(piece, when))
                _awaited.Add(piece);
        }
    }

    private readonly record struct Reader(ReadWindow Window, long End);
}

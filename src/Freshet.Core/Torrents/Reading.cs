using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// The readers of the torrent's files while it downloads, and the deadlines of what each needs next. A reader that seeks does not wait
/// behind what was requested before.
/// </summary>
internal sealed class Reading(TorrentContext torrent, Requesting requesting)
{
    // Created for the first reader: most torrents never have one.
    private Dictionary<ReaderKey, Reader> Readers => field ??= [];

    private List<PieceIndex> Awaited => field ??= [];

    /// <summary>
    /// A reader is at a byte and will read on from there. If there are too many, it takes the place of one that rests, which may get one
    /// again when it moves. If all of them read, it has no deadlines.
    /// </summary>
    /// <param name="key">The reader, which may be new.</param>
    /// <param name="offset">The torrent's byte that is read next.</param>
    /// <param name="end">The torrent's byte just past the end of the file.</param>
    /// <param name="now">The current time.</param>
    public void Move(ReaderKey key, long offset, long end, Timestamp now)
    {
        if (!Readers.TryGetValue(key, out Reader reader))
        {
            if (Readers.Count == StreamLimits.MaxReaders)
            {
                (ReaderKey longest, Reader resting) = Readers.MinBy(static pair => pair.Value.Window.LastMove);
                if (now - resting.Window.LastMove < StreamLimits.ReaderRest)
                    return;
                Readers.Remove(longest);
            }

            Readers[key] = reader = new Reader(new ReadWindow(now), end);
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
        if (Readers.Remove(key))
            SetDeadlines(now);
    }

    private void SetDeadlines(Timestamp now)
    {
        PieceDeadlines deadlines = torrent.Picker.Deadlines;
        foreach (PieceIndex piece in Awaited)
            deadlines.Clear(piece);
        Awaited.Clear();
        Dictionary<PieceIndex, Timestamp> due = [];
        int most = Readers.Count == 0 ? 0 : PieceLimits.MaxDeadlines / Readers.Count;
        foreach (Reader reader in Readers.Values)
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
                Awaited.Add(piece);
        }
    }

    private readonly record struct Reader(ReadWindow Window, long End);
}

using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// What a reader of a file will need next, and when: the data directly ahead at once, data further ahead when the reader gets there at its
/// pace of the last few seconds.
/// </summary>
internal sealed class ReadWindow(Timestamp now)
{
    // Nobody can deliver sooner than this; what is still later is also requested from others.
    private static readonly TimeSpan FirstDue = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(20);

    // The rate of a high-quality video: a faster reader shows its rate, and a slower one has more time than its deadlines allow.
    private const long LeastRate = 2_000_000;

    private readonly RateMeter _read = new(now);
    private long _offset = -1;
    private long _length;

    /// <summary>When it was last moved.</summary>
    public Timestamp LastMove { get; private set; } = now;

    /// <summary>Moves the reader. Returns whether it is outside the predicted range.</summary>
    /// <param name="offset">The torrent's byte that is read next.</param>
    /// <param name="time">The current time.</param>
    public bool Move(long offset, Timestamp time)
    {
        bool isForeseen = _offset >= 0 && offset >= _offset && offset <= _offset + _length;
        if (isForeseen)
            _read.Add(offset - _offset, time);
        LastMove = time;
        _offset = offset;
        _length = Math.Clamp((long)(RateAt(time) * Ahead.TotalSeconds), StreamLimits.MinWindow, StreamLimits.MaxWindow);
        return !isForeseen;
    }

    /// <summary>The pieces that will be needed, each with its deadline.</summary>
    /// <param name="layout">The layout of the torrent.</param>
    /// <param name="end">The torrent's byte just past the end of the file.</param>
    /// <param name="most">The most pieces to return.</param>
    /// <param name="time">The current time.</param>
    public IEnumerable<PieceDeadline> DeadlinesAt(PieceLayout layout, long end, int most, Timestamp time)
    {
        if (_offset >= end)
            yield break;
        double rate = RateAt(time);
        PieceIndex first = layout.PieceAt(_offset);

        // Large pieces: start the next one before the reader is through this one.
        int last = Math.Max(layout.PieceAt(Math.Min(_offset + _length, end) - 1).Value, first.Value + 1);
        last = Math.Min(Math.Min(last, layout.PieceAt(end - 1).Value), first.Value + most - 1);
        for (int piece = first.Value; piece <= last; piece++)
        {
            long before = Math.Max(0, layout.OffsetOf(new PieceIndex(piece)) - _offset);
            yield return new PieceDeadline(time + FirstDue + TimeSpan.FromSeconds(before / rate), new PieceIndex(piece));
        }
    }

    private long RateAt(Timestamp time) => Math.Max(LeastRate, _read.RateAt(time).BytesPerSecond);
}

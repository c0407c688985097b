using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// What somebody who reads a file will need next, and when: what lies before him at once, what is further on as he comes to it at the pace
/// of the last seconds.
/// </summary>
internal sealed class ReadWindow(Timestamp now)
{
    // Sooner than that nobody can deliver; what is later still is asked of others as well.
    private static readonly TimeSpan FirstDue = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(20);

    // A film of high quality; one who reads faster shows it, and one who reads slower has more time than he is given.
    private const long LeastRate = 2_000_000;

    private readonly RateMeter _read = new(now);
    private long _offset = -1;
    private long _length;

    /// <summary>The reader is there now. Returns whether that is somewhere else than what was foreseen.</summary>
    /// <param name="offset">The torrent's byte that is read next.</param>
    /// <param name="time">The present.</param>
    public bool Move(long offset, Timestamp time)
    {
        bool isForeseen = _offset >= 0 && offset >= _offset && offset <= _offset + _length;
        if (isForeseen)
            _read.Add(offset - _offset, time);
        _offset = offset;
        _length = Math.Clamp((long)(RateAt(time) * Ahead.TotalSeconds), StreamLimits.MinWindow, StreamLimits.MaxWindow);
        return !isForeseen;
    }

    /// <summary>The pieces that are foreseen, and until when each is needed.</summary>
    /// <param name="layout">How the torrent lies.</param>
    /// <param name="end">The torrent's byte behind the file.</param>
    /// <param name="most">How many pieces at most.</param>
    /// <param name="time">The present.</param>
    public IEnumerable<PieceDeadline> DeadlinesAt(PieceLayout layout, long end, int most, Timestamp time)
    {
        if (_offset >= end)
            yield break;
        double rate = RateAt(time);
        PieceIndex first = layout.PieceAt(_offset);

        // Of large pieces the next is begun before this one is through.
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

using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// The receiving half of a connection: delivers payload in order, buffers what arrives early, and announces the receive window. The window
/// grows with what is read within a round trip, so that it never limits a long path, and a slow reader never ties up much memory. It
/// shrinks with what the reader can take; what the peer sent before it was told so is accepted nevertheless, up to the capacity.
/// </summary>
internal sealed class UtpReceiver(IUtpStream stream, IUtpLine line, PacketPool pool)
{
    private const int LeastOfEarly = 1_024;

    private static readonly TimeSpan BetweenReviews = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeastRound = TimeSpan.FromMicroseconds(200);

    private readonly ReorderBuffer _early = new(pool);
    private SequenceNumber? _end;
    private int _capacity = UtpLimits.FirstWindow;
    private Timestamp _roundBegan;
    private TimeSpan _shortest = TimeSpan.FromSeconds(1);
    private long _taken;
    private bool _isClosed;
    private int _needed;
    private Timestamp _reviewed;

    /// <summary>The last packet that was received without a gap.</summary>
    public SequenceNumber Acknowledged { get; private set; }

    /// <summary>Whether the peer should be told what has arrived, or the current window.</summary>
    public bool IsAckDue { get; set; }

    /// <summary>Whether packets after a gap are buffered.</summary>
    public bool HasGap => _early.Count > 0;

    /// <summary>Whether everything that the peer will ever send has arrived.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The receive window, which the peer is told: bytes that it may send now.</summary>
    public int Window => Math.Max(Wanted - Waiting, 0);

    /// <summary>
    /// Whether the window has grown considerably beyond what the peer was told. Readers use it too, as a hint, on any thread.
    /// </summary>
    /// <param name="told">The window that the peer was told.</param>
    public bool IsWindowNews(int told) => Window - told >= Math.Max(Wanted / 2, 1);

    // The most bytes that should wait to be read or for a gap to be filled.
    private int Wanted => _isClosed ? _capacity : Math.Min(_capacity, stream.MostUnread);

    private int Waiting => (_isClosed ? 0 : stream.Unread) + _early.Bytes;

    // Bytes that are accepted now.
    private int Room => Math.Max(_capacity - Waiting, 0);

    // Packets may be small, but each buffered packet takes the memory of a long one.
    private int MostAhead => Math.Clamp(_capacity / LeastOfEarly, 1, UtpLimits.MaxPacketsUnderWay);

    /// <summary>Starts; the first packet will be the one after this.</summary>
    public void Begin(SequenceNumber acknowledged) => Acknowledged = acknowledged;

    /// <summary>Nobody reads any more: payload is acknowledged, so that the peer can finish, and discarded.</summary>
    public void Close() => _isClosed = true;

    /// <summary>A packet with payload, or the last one, arrived.</summary>
    public void OnPacket(SequenceNumber number, ReadOnlySpan<byte> payload, bool isFin)
    {
        IsAckDue = true;
        int ahead = number - Acknowledged;
        bool isBeyondEnd = _end is { } end && number - end > 0;
        if (ahead <= 0 || ahead > MostAhead || isBeyondEnd)
            return;

        // A packet that fills the gap is accepted whatever is buffered after it, since nothing else makes room.
        if (payload.Length > (ahead == 1 ? Room + _early.Bytes : Room))
            return;
        if (isFin)
            _end ??= number;
        if (ahead > 1)
        {
            _early.TryAdd(Acknowledged + 1, number, payload);
            return;
        }

        HandOver(number, payload);
        while (_early.TryTake(Acknowledged + 1, out ReadOnlySpan<byte> next))
            HandOver(Acknowledged + 1, next);
    }

    /// <summary>Writes which packets have arrived after the gap; returns the number of bytes.</summary>
    public int DescribeGap(Span<byte> extensions) => _early.Describe(Acknowledged + 1, extensions);

    /// <summary>
    /// Grows the window if the peer has used most of it within a round trip. If we send nothing, the round-trip time is unknown; it is then
    /// assumed to be the shortest time in which the whole window was used.
    /// </summary>
    public void Tune(TimeSpan roundTrip, Timestamp now)
    {
        if (roundTrip == TimeSpan.Zero)
        {
            if (_taken >= _capacity && now - _roundBegan < _shortest)
                _shortest = now - _roundBegan;
            roundTrip = _shortest;
        }

        if (now - _roundBegan < (roundTrip > LeastRound ? roundTrip : LeastRound) && _taken < _capacity)
            return;

        // What waits for a gap to be filled takes as much again as what is in flight.
        long wanted = Math.Min((2 * _taken) + _early.Bytes, UtpLimits.MaxWindow);
        _needed = Math.Max(_needed, (int)wanted);
        if (_taken > _capacity / 2 && wanted > _capacity)
            _capacity += line.Reserve(_capacity - UtpLimits.FirstWindow, (int)wanted - _capacity);
        _roundBegan = now;
        _taken = 0;
    }

    /// <summary>Gives back what was not needed for a minute, and lets the peer know.</summary>
    public void Review(Timestamp now)
    {
        if (now - _reviewed < BetweenReviews)
            return;
        int kept = Math.Clamp(_needed, UtpLimits.FirstWindow, _capacity);
        _reviewed = now;
        _needed = 0;
        if (kept == _capacity)
            return;
        line.Release(_capacity - kept);
        _capacity = kept;
        IsAckDue = true;
    }

    /// <summary>Returns all memory.</summary>
    public void Clear()
    {
        _early.Clear(Acknowledged + 1);
        line.Release(_capacity - UtpLimits.FirstWindow);
        _capacity = UtpLimits.FirstWindow;
    }

    private void HandOver(SequenceNumber number, ReadOnlySpan<byte> payload)
    {
        Acknowledged = number;
        _taken += payload.Length;
        if (payload.Length > 0 && !_isClosed)
            stream.Deliver(payload);
        if (_end != number)
            return;
        HasEnded = true;
        if (!_isClosed)
            stream.OnEndOfStream();
    }
}

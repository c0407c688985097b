using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// The congestion window (LEDBAT, RFC 6817, with ideas from LEDBAT++): as many bytes in flight as keep the path busy with a queueing delay
/// of at most <see cref="Target"/>, so that all other traffic takes precedence.
/// </summary>
/// <remarks>
/// To fill a long, fast path, the window grows in proportion to what is acknowledged while there is hardly any queue; near the target it
/// grows by one packet per round trip. Above the target it shrinks in proportion to the excess, at most by half per round trip. Losses
/// without a queue are not congestion, as long as they stay below 2 %, so they are put up with. Otherwise the window is set to what was
/// being delivered after scattered losses. Many losses at once halve the window, and for a while no loss is put up with. Where losses come
/// with a queue that is too short for the target (<see cref="LossCause"/>), each round trip with one halves the window, and the target is
/// half of that queue. A sender that keeps a queue filled measures the queue as part of the base delay, and a latecomer sees all
/// of it that way. Therefore, unless the minimum delay was seen recently, the window is halved briefly every ten seconds, so that the queue
/// drains and everybody sees the true base delay.
/// </remarks>
internal sealed class Ledbat
{
    /// <summary>The target queueing delay; RFC 6817 allows 100 ms, LEDBAT++ uses 60 ms.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromMilliseconds(60);

    private const int LeastPackets = 2;
    private const int CautiousRounds = 16;
    private const double ManyLost = 0.05;

    // As a part of what is sent, over some eight round trips.
    private const double Tolerated = 0.02;
    private const int LossMemory = 8;
    private static readonly TimeSpan NoQueue = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan BetweenSlowdowns = TimeSpan.FromSeconds(10);

    private readonly DeliveryRate _delivery = new();
    private readonly LossCause _losses = new();
    private double _window;
    private double _threshold = double.MaxValue;
    private double _afterSlowdown;
    private int _packet;
    private int _slowdownRounds;
    private int _cautiousRounds;
    private double _lossRate;
    private long _lostInRound;
    private long _ackedInRound;
    private long _ackedBefore;
    private bool _hasCutInRound;
    private Timestamp _leastSeen;
    private bool _hasBegun;

    /// <param name="packet">Payload bytes of a packet.</param>
    public Ledbat(int packet)
    {
        _packet = packet;
        _window = 4 * packet;
    }

    /// <summary>Bytes that may be in flight.</summary>
    public int Window => (int)Math.Min(_window, UtpLimits.MaxWindow);

    /// <summary>The recent delivery rate in bytes per second.</summary>
    public double BytesPerSecond => _delivery.BytesPerSecond;

    /// <summary>Whether the window grows by what is acknowledged, until there is a queue.</summary>
    public bool IsSlowStart => _window < _threshold;

    private double Least => LeastPackets * _packet;

    private bool IsLossTolerable => _cautiousRounds == 0 && IsLineLossy;

    /// <summary>Whether a few packets are lost whatever is sent, so that a repetition may be lost, too.</summary>
    public bool IsLineLossy => !_losses.IsQueue && _lossRate <= Tolerated;

    /// <summary>The packet size has changed.</summary>
    public void Resize(int packet)
    {
        _packet = packet;
        _window = Math.Max(_window, Least);
    }

    /// <summary>Bytes were acknowledged.</summary>
    /// <param name="bytes">The number of bytes acknowledged.</param>
    /// <param name="isLimiting">Whether the window was what limited sending.</param>
    /// <param name="delay">The delay measurements of the path.</param>
    /// <param name="now">The current time.</param>
    public void OnAcknowledged(int bytes, bool isLimiting, QueueingDelay delay, Timestamp now)
    {
        _delivery.Add(bytes);
        _losses.OnArrived((double)bytes / _packet, delay.Current);
        _ackedInRound += bytes;
        if (!_hasBegun || delay.Current < NoQueue)
            _leastSeen = now;
        _hasBegun = true;
        if (_slowdownRounds > 0)
            return;
        double off = delay.Current / _losses.Target;
        double part = bytes / _window;
        if (off > 1)
        {
            if (IsSlowStart)
                LeaveSlowStart(delay);
            else
                _window -= _window * part * Math.Min(off - 1, 0.5);
            _threshold = Math.Min(_threshold, Math.Max(_window, Least));
        }
        else if (isLimiting)
        {
            Grow(bytes, part, off);
        }

        _window = Math.Clamp(_window, Least, UtpLimits.MaxWindow);
    }

    /// <summary>A round trip has passed: everything in flight at its beginning has been acknowledged or lost.</summary>
    public void OnRound(QueueingDelay delay, Timestamp now)
    {
        _delivery.EndRound(now);
        _losses.OnRound(now);
        _hasCutInRound = false;
        double sent = _lostInRound + _ackedInRound;
        _lossRate += ((sent > 0 ? _lostInRound / sent : 0) - _lossRate) / LossMemory;
        _ackedBefore = _ackedInRound;
        _lostInRound = _ackedInRound = 0;
        _cautiousRounds = Math.Max(_cautiousRounds - 1, 0);
        if (_slowdownRounds > 0)
        {
            if (--_slowdownRounds == 0)
            {
                // Returns to the window before the slowdown, as fast as slow start can.
                _threshold = _afterSlowdown;
                _leastSeen = now;
            }
        }
        else if (!IsSlowStart && now - _leastSeen > BetweenSlowdowns)
        {
            _afterSlowdown = Math.Max(Math.Min(Deliverable(delay), _window), Least);
            _window = Math.Max(_afterSlowdown / 2, Least);
            _slowdownRounds = 2;
        }
    }

    /// <summary>A packet was lost.</summary>
    public void OnLoss(int bytes, QueueingDelay delay)
    {
        _lostInRound += bytes;
        _losses.OnLost((double)bytes / _packet, delay.Current);

        // At the beginning of a round trip little has been acknowledged yet.
        bool isMany = _lostInRound > Math.Max(ManyLost * Math.Max(_ackedInRound, _ackedBefore), 4 * _packet);
        bool isScattered = !isMany && delay.Current < Target / 4;
        if (isMany && _cautiousRounds < CautiousRounds)
        {
            _cautiousRounds = CautiousRounds;
            Halve();
        }
        else if (_losses.IsQueue)
        {
            if (!_hasCutInRound)
                Halve();
        }
        else if (!_hasCutInRound && !(isScattered && (IsSlowStart || IsLossTolerable)))
        {
            _window = Math.Max(Math.Clamp(Deliverable(delay), _window / 2, _window), Least);
            _threshold = Math.Min(_threshold, _window);
        }

        _hasCutInRound = true;
    }

    /// <summary>
    /// All sequence numbers are in use, so nothing can be sent until the oldest packet has arrived. The shorter the queue, the sooner that
    /// is: the window is set to what needs none.
    /// </summary>
    public void OnNumbersUsedUp(QueueingDelay delay)
    {
        if (Deliverable(delay) is var deliverable and > 0 && deliverable < _window)
            _threshold = _window = Math.Max(deliverable, Least);
    }

    /// <summary>Nothing was acknowledged for a long time: nothing is known about the path any more.</summary>
    public void OnTimeout()
    {
        _threshold = Math.Max(_window / 2, Least);
        _window = Least;
        _slowdownRounds = 0;
        _delivery.Forget();
    }

    private void Halve()
    {
        _window = Math.Max(_window / 2, Least);
        _threshold = Math.Min(_threshold, _window);
    }

    private void Grow(int bytes, double part, double off)
    {
        if (IsSlowStart)
            _window = Math.Min(_window + bytes, Math.Max(_threshold, _window));
        else if (off < 0.5 && _cautiousRounds == 0 && !_losses.IsQueue)
            _window += Math.Max(_packet, _window / 8 * (1 - (2 * off))) * part;
        else
            _window += _packet * part * (1 - off);
    }

    private void LeaveSlowStart(QueueingDelay delay)
    {
        _window = Math.Max(Math.Clamp(Deliverable(delay), _window / 4, _window), Least);
        _threshold = _window;
    }

    /// <summary>Bytes in flight that keep the path as busy as it was, without a queue.</summary>
    private double Deliverable(QueueingDelay delay) => _delivery.BytesPerSecond * delay.LeastRoundTrip.TotalSeconds;
}

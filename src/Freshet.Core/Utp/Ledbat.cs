using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// How many bytes may be under way (LEDBAT, RFC 6817, with ideas of LEDBAT++): as many as keep the line busy with a queue of at most
/// <see cref="Target"/>, so that everybody else on the line comes first.
/// </summary>
/// <remarks>
/// A long, fast line is filled by growing in proportion while there is next to no queue; near the target it grows by a packet a round
/// trip. Above the target it shrinks in proportion to the excess, by half a round trip at most. Scattered losses leave as much under way as
/// was being delivered; many at once mean a short queue that overflows, and cost half. Whoever fills a queue sees it as part of the line,
/// and whoever comes later sees all of it so: therefore, unless the least delay was seen lately, the window is halved for a moment every
/// ten seconds, for the queue to drain and everybody to see the line as it is.
/// </remarks>
internal sealed class Ledbat
{
    /// <summary>The queueing delay aimed at; RFC 6817 allows 100 ms, LEDBAT++ has 60.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromMilliseconds(60);

    private const int LeastPackets = 2;
    private const int CautiousRounds = 16;
    private const double ManyLost = 0.05;
    private static readonly TimeSpan NoQueue = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan BetweenSlowdowns = TimeSpan.FromSeconds(10);

    private readonly DeliveryRate _delivery = new();
    private double _window;
    private double _threshold = double.MaxValue;
    private double _afterSlowdown;
    private int _packet;
    private int _slowdownRounds;
    private int _cautiousRounds;
    private long _lostInRound;
    private long _ackedInRound;
    private long _ackedBefore;
    private bool _hasCutInRound;
    private Timestamp _leastSeen;
    private bool _hasBegun;

    /// <param name="packet">Bytes of a packet's payload.</param>
    public Ledbat(int packet)
    {
        _packet = packet;
        _window = 4 * packet;
    }

    /// <summary>Bytes that may be under way.</summary>
    public int Window => (int)Math.Min(_window, UtpLimits.MaxWindow);

    /// <summary>Bytes a second that were delivered, of late.</summary>
    public double BytesPerSecond => _delivery.BytesPerSecond;

    /// <summary>Whether it grows by what is acknowledged, until there is a queue.</summary>
    public bool IsSlowStart => _window < _threshold;

    private double Least => LeastPackets * _packet;

    /// <summary>Packets have another size from now on.</summary>
    public void Resize(int packet)
    {
        _packet = packet;
        _window = Math.Max(_window, Least);
    }

    /// <summary>Bytes were acknowledged.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="isLimiting">Whether the window was what kept more from being sent.</param>
    /// <param name="delay">What is known of the line's delay.</param>
    /// <param name="now">When.</param>
    public void OnAcknowledged(int bytes, bool isLimiting, QueueingDelay delay, Timestamp now)
    {
        _delivery.Add(bytes);
        _ackedInRound += bytes;
        if (!_hasBegun || delay.Current < NoQueue)
            _leastSeen = now;
        _hasBegun = true;
        if (_slowdownRounds > 0)
            return;
        double off = delay.Current / Target;
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

    /// <summary>A round trip has passed: everything that was under way when it began is acknowledged or lost.</summary>
    public void OnRound(QueueingDelay delay, Timestamp now)
    {
        _delivery.EndRound(now);
        _hasCutInRound = false;
        _ackedBefore = _ackedInRound;
        _lostInRound = _ackedInRound = 0;
        _cautiousRounds = Math.Max(_cautiousRounds - 1, 0);
        if (_slowdownRounds > 0)
        {
            if (--_slowdownRounds == 0)
            {
                // Back to where it was without the queue, as fast as slow start goes.
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

        // Of a round trip that has just begun little is acknowledged yet.
        bool isMany = _lostInRound > Math.Max(ManyLost * Math.Max(_ackedInRound, _ackedBefore), 4 * _packet);
        bool isScattered = !isMany && delay.Current < Target / 4;
        if (isMany && _cautiousRounds < CautiousRounds)
        {
            _cautiousRounds = CautiousRounds;
            _window = Math.Max(_window / 2, Least);
            _threshold = Math.Min(_threshold, _window);
        }
        else if (!_hasCutInRound && !(isScattered && IsSlowStart))
        {
            _window = Math.Max(Math.Clamp(Deliverable(delay), _window / 2, _window), Least);
            _threshold = Math.Min(_threshold, _window);
        }

        _hasCutInRound = true;
    }

    /// <summary>Nothing was acknowledged for long: nothing is known of the line any more.</summary>
    public void OnTimeout()
    {
        _threshold = Math.Max(_window / 2, Least);
        _window = Least;
        _slowdownRounds = 0;
        _delivery.Forget();
    }

    private void Grow(int bytes, double part, double off)
    {
        if (IsSlowStart)
            _window = Math.Min(_window + bytes, Math.Max(_threshold, _window));
        else if (off < 0.5 && _cautiousRounds == 0)
            _window += Math.Max(_packet, _window / 8 * (1 - (2 * off))) * part;
        else
            _window += _packet * part * (1 - off);
    }

    private void LeaveSlowStart(QueueingDelay delay)
    {
        _window = Math.Max(Math.Clamp(Deliverable(delay), _window / 4, _window), Least);
        _threshold = _window;
    }

    /// <summary>Bytes under way that keep the line as busy as it was, without a queue.</summary>
    private double Deliverable(QueueingDelay delay) => _delivery.BytesPerSecond * delay.LeastRoundTrip.TotalSeconds;
}

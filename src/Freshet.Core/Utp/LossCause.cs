using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// Tells the losses of a short queue from those of the line. A queue that is too short for <see cref="Ledbat.Target"/> reports that the
/// line is full by losing packets alone, be it because it overflows or because it is managed actively. Such losses come when the queue is
/// at its longest; those of a bad line come at any time. So the rate of losses at a long queue is compared with that at a shorter one.
/// </summary>
internal sealed class LossCause
{
    // Of the longest queue of late.
    private const double Long = 0.85;

    // How much more often packets are lost at a long queue; a larger ratio starts the suspicion, a smaller one ends it.
    private const double Suspicious = 2;
    private const double Unsuspicious = 1.25;

    // How improbable it must be that the losses just happened to come at a long queue, in standard deviations, squared.
    private const double Improbable = 16;
    private const double Enough = 8;
    private static readonly TimeSpan LeastQueue = TimeSpan.FromMilliseconds(0.5);
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private TimeSpan _longest;
    private Packets _atLong;
    private Packets _atShort;
    private Timestamp? _faded;
    private Timestamp _lost;
    private bool _hasLost;

    /// <summary>Whether the queue loses the packets, that is, whether a loss means that too much is sent.</summary>
    public bool IsQueue { get; private set; }

    /// <summary>
    /// The queue to aim at: half of one that is too short for the usual target, so that others find room in it.
    /// </summary>
    public TimeSpan Target => !IsQueue ? Ledbat.Target : _longest > 2 * LeastQueue ? _longest / 2 : LeastQueue;

    /// <summary>Packets arrived that found a queue of the given length.</summary>
    public void OnArrived(double packets, TimeSpan queue)
    {
        if (queue > _longest)
            _longest = queue;
        Of(queue).Arrived += packets;
    }

    /// <summary>Packets were lost while the queue had the given length.</summary>
    public void OnLost(double packets, TimeSpan queue)
    {
        Of(queue).Lost += packets;
        _hasLost = true;
        Judge();
    }

    /// <summary>A round trip has passed.</summary>
    public void OnRound(Timestamp now)
    {
        double kept = _faded is { } faded ? Math.Max(1 - ((now - faded) / Memory), 0) : 1;
        _faded = now;
        if (!IsQueue)
            _longest *= kept;
        _atLong.Fade(kept);
        _atShort.Fade(kept);

        // A queue that grows beyond the target reports by its length that the line is full. Where nothing is lost any more, another
        // queue may be in the way.
        if (_hasLost)
            _lost = now;
        _hasLost = false;
        if (_longest > Ledbat.Target || now - _lost > Patience)
            IsQueue = false;
    }

    private ref Packets Of(TimeSpan queue)
    {
        bool isLong = queue >= LeastQueue && queue >= _longest * Long;
        return ref isLong ? ref _atLong : ref _atShort;
    }

    private void Judge()
    {
        double lost = _atLong.Lost + _atShort.Lost;
        double all = _atLong.All + _atShort.All;
        double expected = lost * _atLong.All / all;
        double variance = expected * _atShort.All / all;
        double beyond = _atLong.Lost - expected;
        if (IsQueue)
            IsQueue = lost < Enough || IsMoreOften(Unsuspicious);
        else
            IsQueue = _longest <= Ledbat.Target && beyond > 0 && beyond * beyond > Improbable * variance && IsMoreOften(Suspicious);
    }

    private bool IsMoreOften(double times) => _atLong.Lost * _atShort.All > times * _atShort.Lost * _atLong.All;

    private struct Packets
    {
        public double Arrived;
        public double Lost;

        public readonly double All => Arrived + Lost;

        public void Fade(double kept)
        {
            Arrived *= kept;
            Lost *= kept;
        }
    }
}

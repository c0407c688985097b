using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>When a connection that hears nothing has to do something about it, and how patient it has become.</summary>
internal sealed class Retransmission
{
    private const int MostDoublings = 6;
    private static readonly TimeSpan LeastBeforeProbe = TimeSpan.FromMilliseconds(10);

    private Timestamp _progress;
    private bool _hasProbed;
    private int _patience;

    /// <summary>How often nothing was heard within the time allowed, in a row.</summary>
    public int Timeouts { get; private set; }

    /// <summary>When the next packet is to be sent again, while some are under way.</summary>
    public Timestamp Deadline(RttEstimator roundTrip) =>
        _hasProbed || roundTrip.Smoothed == TimeSpan.Zero ? _progress + Patient(roundTrip.Timeout) : ProbeAt(roundTrip);

    /// <summary>When to ask whether the peer's window is still shut.</summary>
    public Timestamp WindowProbe(RttEstimator roundTrip) => _progress + Patient(roundTrip.Timeout);

    /// <summary>Whether it is time to send one packet again before all count as lost.</summary>
    public bool IsProbeDue(RttEstimator roundTrip, Timestamp now)
    {
        if (_hasProbed || roundTrip.Smoothed == TimeSpan.Zero || now < ProbeAt(roundTrip))
            return false;
        _hasProbed = true;
        return true;
    }

    /// <summary>Something was acknowledged, or sent while nothing was under way.</summary>
    public void OnProgress(Timestamp now)
    {
        _progress = now;
        _hasProbed = false;
    }

    /// <summary>Something was acknowledged.</summary>
    public void OnAcknowledged(Timestamp now)
    {
        Timeouts = 0;
        OnProgress(now);
    }

    /// <summary>
    /// A packet came. If the peer has no room, it is enough that it is there; otherwise what it does not acknowledge does not reach it.
    /// </summary>
    public void OnHeard(bool isWindowOpen)
    {
        if (isWindowOpen)
            _patience = Math.Min(_patience, Timeouts);
        else
            Timeouts = 0;
    }

    /// <summary>Nothing was acknowledged in time.</summary>
    public void OnTimeout(bool isWindowShut, Timestamp now)
    {
        Timeouts++;
        _patience = Math.Min(_patience + 1, MostDoublings);
        _progress = now;
        _hasProbed = isWindowShut || _hasProbed;
    }

    /// <summary>A packet is sent into a window that is shut.</summary>
    public void OnWindowProbe(Timestamp now)
    {
        _patience = Math.Min(_patience + 1, MostDoublings);
        _progress = now;
    }

    private Timestamp ProbeAt(RttEstimator roundTrip)
    {
        TimeSpan wait = 2 * roundTrip.Smoothed;
        return _progress + (wait > LeastBeforeProbe ? wait : LeastBeforeProbe);
    }

    private TimeSpan Patient(TimeSpan timeout) => timeout * (1 << _patience);
}

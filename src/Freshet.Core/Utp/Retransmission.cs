using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>The retransmission time-outs of a connection, which grow with each consecutive time-out.</summary>
internal sealed class Retransmission
{
    private const int MostDoublings = 6;
    private static readonly TimeSpan LeastBeforeProbe = TimeSpan.FromMilliseconds(10);

    private Timestamp _progress;
    private bool _hasProbed;
    private int _patience;

    /// <summary>The number of consecutive time-outs.</summary>
    public int Timeouts { get; private set; }

    /// <summary>When the next packet must be resent, while any are in flight.</summary>
    public Timestamp Deadline(RttEstimator roundTrip) =>
        _hasProbed || roundTrip.Smoothed == TimeSpan.Zero ? _progress + Patient(roundTrip.Timeout) : ProbeAt(roundTrip);

    /// <summary>When to check whether the peer's window is still closed.</summary>
    public Timestamp WindowProbe(RttEstimator roundTrip) => _progress + Patient(roundTrip.Timeout);

    /// <summary>Whether to resend one packet before all count as lost.</summary>
    public bool IsProbeDue(RttEstimator roundTrip, Timestamp now)
    {
        if (_hasProbed || roundTrip.Smoothed == TimeSpan.Zero || now < ProbeAt(roundTrip))
            return false;
        _hasProbed = true;
        return true;
    }

    /// <summary>Something was acknowledged, or was sent while nothing was in flight.</summary>
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
    /// A packet arrived. If the peer's window is closed, this proves that the peer is there; otherwise, packets that it does not
    /// acknowledge do not reach it.
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

    /// <summary>A packet is sent into a closed window.</summary>
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

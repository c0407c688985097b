using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// How the first copy of everything gets along (<see cref="FirstCopy"/>): when anything last left, arrived or was passed on, and how long
/// to wait for what comes next. All of it counts from <see cref="Begin"/>.
/// </summary>
internal sealed class CopyProgress
{
    // Once every piece was sent and has arrived, peers have this fraction of the time that it took to pass on the last pieces, within these
    // bounds. It starts over whenever a piece is first known to have spread.
    private const int PartOfCopy = 16;
    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(1);

    // A peer counts as a free-rider if it passes nothing on for this fraction of the time since hiding began, while others do.
    private const int PartOfTime = 4;
    private static readonly TimeSpan LeastTimeToPassOn = TimeSpan.FromSeconds(2);

    // The upload rate is measured over this time. Until then, what is known to have arrived since the beginning says more.
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(5);

    private Timestamp _began;
    private Timestamp _lastSpread;
    private long _arrived;

    /// <summary>The shortest pause that says anything.</summary>
    public static TimeSpan LeastPause => TimeSpan.FromMilliseconds(25);

    /// <summary>When a block was last sent.</summary>
    public Timestamp LastSent { get; private set; }

    /// <summary>When it was last heard of that something had arrived.</summary>
    public Timestamp LastArrival { get; private set; }

    /// <summary>When anything last happened.</summary>
    public Timestamp Last => Timestamp.Max(LastSent, Timestamp.Max(LastArrival, _lastSpread));

    /// <summary>How long nothing may happen after each piece has left and arrived.</summary>
    public TimeSpan PauseAfterCopy
    {
        get
        {
            TimeSpan part = (LastSent - _began) / PartOfCopy;
            return part < LeastPause ? LeastPause : part < MostPause ? part : MostPause;
        }
    }

    /// <summary>The first peer from which something is hidden has connected.</summary>
    public void Begin(Timestamp now) => (_began, LastSent, LastArrival, _lastSpread, _arrived) = (now, now, now, now, 0);

    /// <summary>A block was sent.</summary>
    public void OnSent(Timestamp now) => LastSent = now;

    /// <summary>So many bytes are known to have arrived.</summary>
    public void OnArrived(long bytes, Timestamp now)
    {
        _arrived += bytes;
        LastArrival = now;
    }

    /// <summary>A piece that no peer was known to have is known now.</summary>
    public void OnSpread(Timestamp now) => _lastSpread = now;

    /// <summary>How long a peer has to pass on something of what it got.</summary>
    public TimeSpan TimeToPassOn(Timestamp now)
    {
        TimeSpan part = (now - _began) / PartOfTime;
        return part < LeastTimeToPassOn ? LeastTimeToPassOn : part;
    }

    /// <summary>Bytes per second, given the measured upload rate.</summary>
    public double RateAt(Timestamp now, DataRate measured)
    {
        TimeSpan age = now - _began;
        return age > TimeSpan.Zero && age < RateWindow
            ? Math.Max(measured.BytesPerSecond, _arrived / age.TotalSeconds) : measured.BytesPerSecond;
    }
}

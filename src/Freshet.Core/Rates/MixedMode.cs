namespace Freshet.Core.Rates;

/// <summary>
/// Decides how fast a session's TCP connections may be together, in one direction, so that its uTP connections get their part of the line.
/// uTP yields to whatever fills the line's queue, and TCP does; so while there are both and uTP finds a queue, TCP is limited to its part
/// of what was transferred, in proportion to the numbers of connections. uTP takes the rest. Where uTP finds no queue, it has what it
/// wants, and the limit is raised until it is gone.
/// </summary>
/// <remarks>
/// The queue may also be that of other programs, or of other machines on the line. Then a limit on our TCP only leaves the line to them: if
/// uTP does not profit within <see cref="PatienceSeconds"/>, there is no limit for <see cref="RestSeconds"/>. That also keeps the limit
/// from shrinking along with what it allows.
/// </remarks>
internal sealed class MixedMode
{
    /// <summary>TCP is never limited to less, in bytes per second.</summary>
    public const double Least = 16 * 1024;

    /// <summary>How long uTP may take to make use of a limit.</summary>
    public const int PatienceSeconds = 8;

    /// <summary>How long nothing is limited after a limit that was of no use.</summary>
    public const int RestSeconds = 60;

    // Longer than the patience: until then the limit is a part of what went over the line without one.
    private const int PeakSeconds = 12;

    private readonly double[] _totals = new double[PeakSeconds];
    private int _next;
    private int _vain;
    private int _rest;

    /// <summary>Bytes per second that all TCP connections may transfer together; null for no limit.</summary>
    public double? Limit { get; private set; }

    /// <summary>A second has passed.</summary>
    /// <param name="tcp">What TCP connections did.</param>
    /// <param name="utp">What uTP connections did.</param>
    /// <param name="hasQueue">Whether the uTP connections find a queue on the line.</param>
    public void OnSecond(TransportUse tcp, TransportUse utp, bool hasQueue)
    {
        _totals[_next] = tcp.BytesPerSecond + utp.BytesPerSecond;
        _next = (_next + 1) % PeakSeconds;
        if (_rest > 0)
        {
            _rest--;
            return;
        }

        if (tcp.Active == 0 || utp.Active == 0)
        {
            Limit = null;
            _vain = 0;
            return;
        }

        double peak = _totals.Max();
        double part = Math.Max(peak * tcp.Active / (tcp.Active + utp.Active), Least);
        if (!hasQueue)
            Limit = Limit * 9 / 8 is { } more && more < peak ? more : null;
        else if (tcp.BytesPerSecond > part)
            Limit = Math.Max(part, Math.Min(Limit ?? double.MaxValue, tcp.BytesPerSecond) * 3 / 4);
        else if (Limit < part)
            Limit = part;
        CountVain(isVain: Limit is not null && hasQueue && utp.BytesPerSecond < (peak - part) / 2);
    }

    private void CountVain(bool isVain)
    {
        _vain = isVain ? _vain + 1 : 0;
        if (_vain <= PatienceSeconds)
            return;
        Limit = null;
        _vain = 0;
        _rest = RestSeconds;
    }
}

using Freshet.Core.Rates;

namespace Freshet.Core.PortMapping;

/// <summary>
/// Watches the clock of a gateway, which restarts when the gateway has lost its mappings (RFC 6886, section 3.6; RFC 6887, section 8.5).
/// </summary>
internal sealed class GatewayEpoch
{
    private uint? _epoch;
    private Timestamp _at;

    /// <summary>Processes the clock value of a response; true if earlier mappings are lost.</summary>
    public bool HasBegunAnew(uint epoch, Timestamp now)
    {
        uint? before = _epoch;
        double ours = (now - _at).TotalSeconds;
        (_epoch, _at) = (epoch, now);
        if (before is not { } last)
            return false;
        double theirs = (double)epoch - last;

        // Back by more than a second, or one clock faster than the other by more than a sixteenth plus two seconds.
        return theirs < -1 || ours + 2 < theirs - (theirs / 16) || theirs + 2 < ours - (ours / 16);
    }
}

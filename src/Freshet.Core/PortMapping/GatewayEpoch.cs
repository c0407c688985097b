using Freshet.Core.Rates;

namespace Freshet.Core.PortMapping;

/// <summary>
/// Watches the clock of a gateway, which begins anew when it has forgotten its mappings (RFC 6886, section 3.6; RFC 6887, section 8.5).
/// </summary>
internal sealed class GatewayEpoch
{
    private uint? _epoch;
    private Timestamp _at;

    /// <summary>Takes the clock of an answer; true if mappings made before are lost.</summary>
    public bool HasBegunAnew(uint epoch, Timestamp now)
    {
        uint? before = _epoch;
        double ours = (now - _at).TotalSeconds;
        (_epoch, _at) = (epoch, now);
        if (before is not { } last)
            return false;
        double theirs = (double)epoch - last;

        // Back by more than a second, or one of the clocks faster than the other by more than a sixteenth and two seconds.
        return theirs < -1 || ours + 2 < theirs - (theirs / 16) || theirs + 2 < ours - (ours / 16);
    }
}

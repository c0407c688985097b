namespace Freshet.Core.Utp;

/// <summary>The types of extension headers. BEP 29 requires readers to skip unknown ones, so the last two do no harm.</summary>
internal enum UtpExtension : byte
{
    None = 0,

    /// <summary>Which packets have arrived after a gap, one bit each (BEP 29).</summary>
    SelectiveAck = 1,

    /// <summary>
    /// Our own: the same for the newest packets, when the gap is so far back that <see cref="SelectiveAck"/>, which starts at the gap, does
    /// not reach them. It starts with the number of the packet of its first bit.
    /// </summary>
    RecentAck = 0x66,

    /// <summary>
    /// Our own, without meaning. It lengthens a packet, so that a loss tells us about the path's MTU without losing payload for good.
    /// </summary>
    Padding = 0x70,
}

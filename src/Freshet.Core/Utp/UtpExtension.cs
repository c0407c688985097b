namespace Freshet.Core.Utp;

/// <summary>
/// The kinds of extension headers. BEP 29 has readers skip those that they do not know, so the last two disturb nobody.
/// </summary>
internal enum UtpExtension : byte
{
    None = 0,

    /// <summary>Which packets have come after a gap, bit by bit (BEP 29).</summary>
    SelectiveAck = 1,

    /// <summary>
    /// Ours: the same for the newest packets, where the gap is so far back that <see cref="SelectiveAck"/>, which begins at it, does not
    /// reach them. It begins with the number of its first bit's packet.
    /// </summary>
    RecentAck = 0x66,

    /// <summary>Ours: nothing. It makes a packet longer, so that a loss tells of the path's MTU and loses no payload for good.</summary>
    Padding = 0x70,
}

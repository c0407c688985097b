using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>Communication with sources of blocks.</summary>
internal interface ISourceLine
{
    /// <summary>
    /// How long, since the connection to a source began, we have not read from it for reasons of our own: no memory for blocks, a download
    /// limit, or a loop that is behind. What the source sent may have been waiting unread all that time.
    /// </summary>
    TimeSpan HeldUp(PeerKey source, Timestamp now);

    /// <summary>How long reading from a source has waited for our rate limits; a part of <see cref="HeldUp"/>.</summary>
    HeldByLimit ReceivingHeld(PeerKey source, Timestamp now);
}

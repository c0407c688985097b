using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>The lines to whoever gives blocks.</summary>
internal interface ISourceLine
{
    /// <summary>
    /// How long, of all the time that there is a line to a source, we have not read from it for reasons of our own: no memory for blocks, a
    /// limit on what is received, a loop that is behind. What it sent may lie there unread all that time.
    /// </summary>
    TimeSpan HeldUp(PeerKey source, Timestamp now);
}

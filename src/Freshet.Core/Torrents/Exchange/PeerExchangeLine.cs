using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>How far a peer has been told of others, and when it may tell us.</summary>
/// <param name="peer">The peer.</param>
/// <param name="since">The state of the log when it came: what left before is nothing to it.</param>
/// <param name="firstAt">When it is told for the first time.</param>
internal sealed class PeerExchangeLine(Peer peer, long since, Timestamp firstAt)
{
    public Peer Peer => peer;

    /// <summary>It was told of all that joined up to this.</summary>
    public long ToldJoins { get; set; }

    /// <summary>It was told of all that left up to this.</summary>
    public long ToldLeaves { get; set; } = since;

    public Timestamp NextSend { get; set; } = firstAt;

    /// <summary>When its next message is taken.</summary>
    public Timestamp TakesFrom { get; set; } = new(long.MinValue);

    /// <summary>Messages in a row that came before that.</summary>
    public int TooSoon { get; set; }
}

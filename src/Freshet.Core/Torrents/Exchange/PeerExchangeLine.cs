using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>Which changes a peer has been sent, and when it may send us its own.</summary>
/// <param name="peer">The peer.</param>
/// <param name="since">The state of the log when the peer connected: it need not hear of earlier departures.</param>
/// <param name="firstAt">When it is sent its first message.</param>
internal sealed class PeerExchangeLine(Peer peer, long since, Timestamp firstAt)
{
    public Peer Peer => peer;

    /// <summary>Joins up to this number have been sent to it.</summary>
    public long ToldJoins { get; set; }

    /// <summary>Departures up to this number have been sent to it.</summary>
    public long ToldLeaves { get; set; } = since;

    public Timestamp NextSend { get; set; } = firstAt;

    /// <summary>Its messages of the last minute.</summary>
    public MinuteCount Taken { get; } = new(ExchangeLimits.MaxExchangesPerMinute);

    /// <summary>Consecutive messages beyond those.</summary>
    public int TooMany { get; set; }
}

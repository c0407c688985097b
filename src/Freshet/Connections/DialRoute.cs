using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>One way of getting a stream of bytes to a peer and back.</summary>
/// <param name="Transport">What carries the connection.</param>
internal sealed record DialRoute(PeerTransport Transport)
{
    /// <summary>How long it has for itself before the next route is tried beside it.</summary>
    public TimeSpan HeadStart { get; init; } = TimeSpan.FromMilliseconds(ConnectionLimits.DialHeadStartMilliseconds);
}

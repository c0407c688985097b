using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>A route to a peer.</summary>
/// <param name="Transport">The transport.</param>
internal sealed record DialRoute(PeerTransport Transport)
{
    /// <summary>The head start before the next route is tried alongside.</summary>
    public TimeSpan HeadStart { get; init; } = TimeSpan.FromMilliseconds(ConnectionLimits.DialHeadStartMilliseconds);
}

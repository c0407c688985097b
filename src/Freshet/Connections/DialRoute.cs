using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>One way of getting a stream of bytes to a peer and back.</summary>
/// <param name="Transport">What carries the connection.</param>
internal sealed record DialRoute(PeerTransport Transport)
{
    /// <summary>Where to connect to if not to the peer itself: a proxy, whose layer then asks for the way on to the peer.</summary>
    public EndPoint? Via { get; init; }

    /// <summary>What is negotiated before there is a stream to the peer, in order: a proxy's way on.</summary>
    public ImmutableArray<ITransportLayer> Layers { get; init; } = [];

    /// <summary>How long it has for itself before the next route is tried beside it.</summary>
    public TimeSpan HeadStart { get; init; } = TimeSpan.FromMilliseconds(ConnectionLimits.DialHeadStartMilliseconds);
}

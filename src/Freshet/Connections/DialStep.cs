using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>One way to reach a peer.</summary>
/// <param name="Transport">What carries the connection.</param>
internal sealed record DialStep(PeerTransport Transport)
{
    /// <summary>Where to connect to if not to the peer itself: a proxy, whose layer then asks for the way on to the peer.</summary>
    public EndPoint? Via { get; init; }

    /// <summary>What is negotiated on the connection before the peer's handshake, in order: a proxy's way on, encryption.</summary>
    public ImmutableArray<ITransportLayer> Layers { get; init; } = [];
}

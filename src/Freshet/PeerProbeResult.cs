using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Wire;

namespace Freshet;

/// <summary>What <see cref="PeerProbe"/> learned about a peer.</summary>
/// <param name="EndPoint">The address at which it was reached.</param>
/// <param name="PeerId">Its peer id (BEP 20).</param>
/// <param name="Client">The client that the peer id stands for.</param>
/// <param name="Reserved">The reserved bits of its handshake (BEP 3).</param>
/// <param name="Extensions">Its extension handshake (BEP 10); null if it sent none.</param>
public sealed record PeerProbeResult(
    IPEndPoint EndPoint, PeerId PeerId, PeerIdClient Client, ReservedBits Reserved, PeerProbeExtensions? Extensions)
{
    /// <summary>The ways of connecting that were tried.</summary>
    public ImmutableArray<PeerProbeWay> Ways { get; init; } = [];
}

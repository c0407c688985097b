using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Wire;

namespace Freshet;

/// <summary>What a peer said of itself; see <see cref="PeerProbe"/>.</summary>
/// <param name="EndPoint">Where it was met.</param>
/// <param name="PeerId">Its id (BEP 20).</param>
/// <param name="Client">The client that the id stands for.</param>
/// <param name="Reserved">What its handshake says it can do (BEP 3).</param>
/// <param name="Extensions">What its extension handshake says (BEP 10); null if it sent none.</param>
public sealed record PeerProbeResult(
    IPEndPoint EndPoint, PeerId PeerId, PeerIdClient Client, ReservedBits Reserved, PeerProbeExtensions? Extensions)
{
    /// <summary>Each way of connecting to it that was tried.</summary>
    public ImmutableArray<PeerProbeWay> Ways { get; init; } = [];
}

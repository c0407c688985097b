using Freshet.Core.Peers;

namespace Freshet;

/// <summary>A way of connecting to a peer that <see cref="PeerProbe"/> tried.</summary>
/// <param name="Transport">The transport.</param>
/// <param name="Encryption">The encryption; the peer was offered nothing else.</param>
/// <param name="Failure">Why the connection failed; null if it succeeded.</param>
public sealed record PeerProbeWay(PeerTransport Transport, PeerEncryption Encryption, string? Failure);

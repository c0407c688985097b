using Freshet.Core.Peers;

namespace Freshet;

/// <summary>A way of connecting to a peer that <see cref="PeerProbe"/> tried.</summary>
/// <param name="Transport">What carried it.</param>
/// <param name="Encryption">What of it was encrypted; a peer is offered only this.</param>
/// <param name="Failure">Why the peer did not take it; null if it did.</param>
public sealed record PeerProbeWay(PeerTransport Transport, PeerEncryption Encryption, string? Failure);

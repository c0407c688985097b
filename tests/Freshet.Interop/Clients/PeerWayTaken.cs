namespace Freshet.Interop.Clients;

/// <summary>How Freshet was connected with a peer, in the words of its log.</summary>
/// <param name="Peer">The peer's address.</param>
/// <param name="Transport"><c>Tcp</c> or <c>Utp</c>.</param>
/// <param name="Encryption"><c>None</c>, <c>Handshake</c> or <c>Full</c>.</param>
/// <param name="IsOutgoing">Whether it dialled.</param>
/// <param name="Path"><c>Direct</c>, <c>Hole</c> or <c>Proxy</c>.</param>
public sealed record PeerWayTaken(string Peer, string Transport, string Encryption, bool IsOutgoing, string Path);

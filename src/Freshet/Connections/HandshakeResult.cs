using Freshet.Core.Peers;

using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>The result of a handshake.</summary>
/// <param name="Transport">The transport to continue with, if both sides named the same torrent; otherwise null.</param>
/// <param name="Theirs">The peer's handshake, if it succeeded.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Detail">Details of the failure, if any.</param>
internal readonly record struct HandshakeResult(ITransport? Transport, Handshake Theirs, DisconnectReason Reason, string? Detail)
{
    /// <summary>If it failed: whether the peer may have rejected our kind of handshake, encrypted or plain, and accept the other.</summary>
    public bool MayBeOtherwise { get; init; }

    public static HandshakeResult Success(ITransport transport, Handshake theirs) => new(transport, theirs, default, null);

    public static HandshakeResult Failure(DisconnectReason reason, string? detail = null) => new(null, default, reason, detail);
}

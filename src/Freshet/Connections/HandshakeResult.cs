using Freshet.Core.Peers;

using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>What came of a handshake.</summary>
/// <param name="Transport">What the connection goes on with, if both sides named the same torrent; null if not.</param>
/// <param name="Theirs">The peer's handshake, if so.</param>
/// <param name="Reason">If not: why.</param>
/// <param name="Detail">If not: more words, if there are any.</param>
internal readonly record struct HandshakeResult(ITransport? Transport, Handshake Theirs, DisconnectReason Reason, string? Detail)
{
    /// <summary>If it failed: whether the peer may be one that has turned away how we began, encrypted or plain.</summary>
    public bool MayBeOtherwise { get; init; }

    public static HandshakeResult Success(ITransport transport, Handshake theirs) => new(transport, theirs, default, null);

    public static HandshakeResult Failure(DisconnectReason reason, string? detail = null) => new(null, default, reason, detail);
}

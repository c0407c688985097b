using Freshet.Core.Peers;

using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>What came of a handshake.</summary>
/// <param name="Succeeded">Whether both sides named the same torrent.</param>
/// <param name="Theirs">The peer's handshake, if so.</param>
/// <param name="Reason">If not: why.</param>
/// <param name="Detail">If not: more words, if there are any.</param>
internal readonly record struct HandshakeResult(bool Succeeded, Handshake Theirs, DisconnectReason Reason, string? Detail)
{
    public static HandshakeResult Success(Handshake theirs) => new(true, theirs, default, null);

    public static HandshakeResult Failure(DisconnectReason reason, string? detail = null) => new(false, default, reason, detail);
}

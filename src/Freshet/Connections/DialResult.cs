using Freshet.Core.Peers;

using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>What came of a dial.</summary>
/// <param name="Transport">The connection, its handshakes done; null if there is none.</param>
/// <param name="Theirs">The peer's handshake, if there is a connection.</param>
/// <param name="Reason">If there is none: why.</param>
/// <param name="Detail">If there is none: more words, if there are any.</param>
internal readonly record struct DialResult(ITransport? Transport, Handshake Theirs, DisconnectReason Reason, string? Detail)
{
    public static DialResult Failure(DisconnectReason reason, string? detail = null) => new(null, default, reason, detail);
}

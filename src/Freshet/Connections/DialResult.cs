using Freshet.Core.Peers;

using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>The result of a dial.</summary>
/// <param name="Transport">The connection after its handshakes; null if the dial failed.</param>
/// <param name="Theirs">The peer's handshake, if the dial succeeded.</param>
/// <param name="Reason">Why the dial failed.</param>
/// <param name="Detail">Details of the failure, if any.</param>
internal readonly record struct DialResult(ITransport? Transport, Handshake Theirs, DisconnectReason Reason, string? Detail)
{
    /// <summary>What the connection goes through.</summary>
    public PeerPath Path { get; init; }

    /// <summary>Whether somebody was reached, if the dial failed: only the handshake was wrong.</summary>
    public bool WasReached { get; init; }

    public static DialResult Failure(DisconnectReason reason, string? detail = null) => new(null, default, reason, detail);
}

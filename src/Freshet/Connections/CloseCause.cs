using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>Why a connection ends.</summary>
internal sealed record CloseCause(DisconnectReason Reason, string? Detail);

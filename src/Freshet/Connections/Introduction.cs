using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Connections;

/// <summary>What a peer said about itself, and which kinds of connection it accepts.</summary>
/// <param name="Handshake">Its handshake.</param>
/// <param name="Extensions">Its extension handshake; null if it sent none.</param>
/// <param name="Ways">Each kind of connection that was tried, and why it failed, or null if it succeeded.</param>
internal sealed record Introduction(
    Handshake Handshake, ExtensionHandshake? Extensions, ImmutableArray<(PeerWay Way, string? Failure)> Ways);

using System.Collections.Immutable;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Connections;

/// <summary>What a peer said of itself, and in which ways it takes connections.</summary>
/// <param name="Handshake">Its handshake.</param>
/// <param name="Extensions">Its extension handshake; null if it sent none.</param>
/// <param name="Ways">Each way that was tried, and why it failed; null if it did not.</param>
internal sealed record Introduction(
    Handshake Handshake, ExtensionHandshake? Extensions, ImmutableArray<(PeerWay Way, string? Failure)> Ways);

using System.Net;
using Freshet.Core.Wire;

namespace Freshet.Core.Peers;

/// <summary>What is known of a peer when both handshakes are done.</summary>
internal readonly record struct ConnectedPeer(IPEndPoint EndPoint, Handshake Handshake, bool IsOutgoing);

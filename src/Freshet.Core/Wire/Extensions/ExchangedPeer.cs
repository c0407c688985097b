using System.Net;

namespace Freshet.Core.Wire.Extensions;

/// <summary>A peer as another peer tells of it (BEP 11).</summary>
/// <param name="EndPoint">Where it listens.</param>
/// <param name="Flags">What else is told of it.</param>
internal readonly record struct ExchangedPeer(IPEndPoint EndPoint, PeerExchangeFlags Flags);

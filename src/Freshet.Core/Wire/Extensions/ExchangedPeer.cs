using System.Net;

namespace Freshet.Core.Wire.Extensions;

/// <summary>A peer received through peer exchange (BEP 11).</summary>
/// <param name="EndPoint">Its listening address.</param>
/// <param name="Flags">What else the sender says about it.</param>
internal readonly record struct ExchangedPeer(IPEndPoint EndPoint, PeerExchangeFlags Flags);

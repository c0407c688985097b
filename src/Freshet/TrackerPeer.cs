using System.Net;
using Freshet.Core.Wire;

namespace Freshet;

/// <summary>A peer returned by a tracker.</summary>
/// <param name="EndPoint">The address to dial.</param>
/// <param name="PeerId">Its peer id (BEP 20); null if the tracker does not send it, as is the case for most.</param>
public readonly record struct TrackerPeer(IPEndPoint EndPoint, PeerId? PeerId);

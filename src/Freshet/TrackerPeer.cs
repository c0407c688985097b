using System.Net;
using Freshet.Core.Wire;

namespace Freshet;

/// <summary>A peer that a tracker named.</summary>
/// <param name="EndPoint">Where it can be dialled.</param>
/// <param name="PeerId">Its id (BEP 20); most trackers do not give it, and then it is null.</param>
public readonly record struct TrackerPeer(IPEndPoint EndPoint, PeerId? PeerId);

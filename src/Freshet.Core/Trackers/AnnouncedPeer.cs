using System.Net;
using Freshet.Core.Wire;

namespace Freshet.Core.Trackers;

/// <summary>A peer in a tracker's response; the peer id is present only in the non-compact form.</summary>
internal readonly record struct AnnouncedPeer(IPEndPoint EndPoint, PeerId? PeerId);

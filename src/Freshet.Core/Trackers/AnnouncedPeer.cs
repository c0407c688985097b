using System.Net;
using Freshet.Core.Wire;

namespace Freshet.Core.Trackers;

/// <summary>A peer as a tracker names it; with an id only where the answer was not compact.</summary>
internal readonly record struct AnnouncedPeer(IPEndPoint EndPoint, PeerId? PeerId);

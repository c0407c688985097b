using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>
/// A tracker, an address family and a swarm. The tracker counts us as a separate peer for each combination (BEP 7, BEP 52), which starts,
/// completes and stops on its own: a hybrid torrent has two swarms, and a machine may have addresses of two families.
/// </summary>
/// <param name="Tracker">The tracker's URL as given in the torrent.</param>
/// <param name="Family">The address family.</param>
/// <param name="Swarm">The torrent's swarm.</param>
internal readonly record struct AnnounceTarget(string Tracker, AnnounceFamily Family, InfoHash Swarm);

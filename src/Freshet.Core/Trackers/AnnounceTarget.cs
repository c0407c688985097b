using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>
/// What a tracker is asked about and over which family. For it we are a peer of our own there (BEP 7, BEP 52), which starts, completes and
/// stops: a hybrid torrent has two swarms, and a machine may have two families of addresses.
/// </summary>
/// <param name="Tracker">The tracker's URL as the torrent has it.</param>
/// <param name="Family">Over which family.</param>
/// <param name="Swarm">Which of the torrent's swarms.</param>
internal readonly record struct AnnounceTarget(string Tracker, AnnounceFamily Family, InfoHash Swarm);

using Freshet.Core.Metainfo;

namespace Freshet.Persistence;

/// <summary>A torrent that a state folder keeps, as far as the names of its files tell.</summary>
/// <param name="InfoHash">By what its files are named.</param>
/// <param name="HasTorrent">Whether its .torrent is there.</param>
/// <param name="HasLink">Whether its magnet link is there.</param>
internal readonly record struct KeptTorrent(InfoHash InfoHash, bool HasTorrent, bool HasLink);

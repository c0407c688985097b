using Freshet.Core.Metainfo;

namespace Freshet.Persistence;

/// <summary>A torrent in a state folder, as far as the names of its files tell.</summary>
/// <param name="InfoHash">The info-hash in the names of its files.</param>
/// <param name="HasTorrent">Whether its .torrent exists.</param>
/// <param name="HasLink">Whether its magnet link exists.</param>
internal readonly record struct KeptTorrent(InfoHash InfoHash, bool HasTorrent, bool HasLink);

using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>A torrent to be added.</summary>
/// <param name="Source">What is known of it.</param>
/// <param name="Options">What its user wants of it.</param>
/// <param name="Position">Its place among the session's torrents.</param>
internal readonly record struct NewTorrent(LoadedSource Source, TorrentOptions Options, long Position);

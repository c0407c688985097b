namespace Freshet.Running;

/// <summary>How a torrent is added.</summary>
/// <param name="Options">What its user wants of it.</param>
/// <param name="Position">Its place among the session's torrents.</param>
internal readonly record struct NewTorrent(TorrentOptions Options, long Position);

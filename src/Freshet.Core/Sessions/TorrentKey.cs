namespace Freshet.Core.Sessions;

/// <summary>Identifies a torrent within its session; never reused after the torrent is gone.</summary>
internal readonly record struct TorrentKey(int Value);

namespace Freshet.Core.Sessions;

/// <summary>Names one torrent within its session; never used again after the torrent is gone.</summary>
internal readonly record struct TorrentKey(int Value);

namespace Freshet.Core.Torrents;

/// <summary>Names one who reads a file of a torrent.</summary>
internal readonly record struct ReaderKey(int Value);

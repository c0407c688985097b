namespace Freshet.Core.Torrents;

/// <summary>Identifies a reader of a torrent's file.</summary>
internal readonly record struct ReaderKey(int Value);

using Freshet.Core.Metainfo;

namespace Freshet;

/// <summary>A file of a torrent that was found under another name, and now has its own.</summary>
/// <param name="File">The torrent's file.</param>
/// <param name="FoundAt">Where it was found, absolute.</param>
/// <param name="Way">How it got its name.</param>
public sealed record PlacedFile(TorrentFile File, string FoundAt, PlacedAs Way);

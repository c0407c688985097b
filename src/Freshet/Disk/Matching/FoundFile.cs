using Freshet.Core.Metainfo;

namespace Freshet.Disk.Matching;

/// <summary>A file of a torrent that was found under another name.</summary>
/// <param name="File">The torrent's file.</param>
/// <param name="Path">Where it was found, absolute.</param>
/// <param name="IsWhole">Whether every byte of it is good by its hash.</param>
internal sealed record FoundFile(TorrentFile File, string Path, bool IsWhole);

using Freshet.Core.Trackers;

namespace Freshet.WebSeeds;

/// <summary>Bytes of a file to be asked of a web seed.</summary>
/// <param name="Hop">The file's URL.</param>
/// <param name="File">Its place in the torrent.</param>
/// <param name="FileLength">How many bytes it has.</param>
/// <param name="Offset">The byte to begin at.</param>
/// <param name="Length">How many bytes, at least 1.</param>
internal sealed record FileRequest(HttpHop Hop, int File, long FileLength, long Offset, long Length);

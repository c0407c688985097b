using Freshet.Core.Trackers;

namespace Freshet.WebSeeds;

/// <summary>A range of a file to request from a web seed.</summary>
/// <param name="Hop">The file's URL.</param>
/// <param name="File">The file's index in the torrent.</param>
/// <param name="FileLength">The file's length in bytes.</param>
/// <param name="Offset">The first byte of the range.</param>
/// <param name="Length">The length of the range, at least 1.</param>
internal sealed record FileRequest(HttpHop Hop, int File, long FileLength, long Offset, long Length)
{
    /// <summary>Whether the server is known to send files only from their beginning.</summary>
    public bool IsInOrder { get; init; }
}

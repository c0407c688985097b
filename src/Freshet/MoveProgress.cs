using Freshet.Core.Rates;

namespace Freshet;

/// <summary>The progress of moving a torrent's files; see <see cref="Torrent.MoveAsync"/>.</summary>
/// <param name="Moved">Bytes that are in the new folder, including those of the file being copied.</param>
/// <param name="Total">Bytes of all files that existed when the move began.</param>
public readonly record struct MoveProgress(ByteSize Moved, ByteSize Total);

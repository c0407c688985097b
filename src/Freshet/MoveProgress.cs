using Freshet.Core.Rates;

namespace Freshet;

/// <summary>How far the files of a torrent have been moved; see <see cref="Torrent.MoveAsync"/>.</summary>
/// <param name="Moved">Bytes of files that are in the new folder, of the one under way as well.</param>
/// <param name="Total">Bytes of all files that were there when the move began.</param>
public readonly record struct MoveProgress(ByteSize Moved, ByteSize Total);

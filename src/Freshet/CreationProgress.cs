using Freshet.Core.Rates;

namespace Freshet;

/// <summary>The progress of hashing the files of a new torrent.</summary>
/// <param name="Done">Bytes hashed.</param>
/// <param name="Total">Bytes to hash.</param>
public readonly record struct CreationProgress(ByteSize Done, ByteSize Total);

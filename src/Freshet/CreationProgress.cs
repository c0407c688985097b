using Freshet.Core.Rates;

namespace Freshet;

/// <summary>How far the hashing of a new torrent's files is.</summary>
/// <param name="Done">Bytes hashed.</param>
/// <param name="Total">Bytes to hash.</param>
public readonly record struct CreationProgress(ByteSize Done, ByteSize Total);

using System.Collections.Immutable;

namespace Freshet;

/// <summary>A torrent that was made by <see cref="TorrentCreator"/>.</summary>
/// <param name="Bytes">The .torrent.</param>
/// <param name="Warnings">What was left out of it, and why, in sentences.</param>
public sealed record CreatedTorrent(ReadOnlyMemory<byte> Bytes, ImmutableArray<string> Warnings);

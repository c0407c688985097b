using System.Collections.Immutable;

namespace Freshet;

/// <summary>A torrent created by <see cref="TorrentCreator"/>.</summary>
/// <param name="Bytes">The content of the .torrent file.</param>
/// <param name="Warnings">What was left out of the torrent, and why, as sentences.</param>
public sealed record CreatedTorrent(ReadOnlyMemory<byte> Bytes, ImmutableArray<string> Warnings);

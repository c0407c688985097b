namespace Freshet.Core.Torrents;

/// <summary>The progress of fetching the metadata of a magnet link. Nothing is trusted before the whole matches the info-hash.</summary>
/// <param name="Pieces">Metadata pieces of 16 KiB received, in the attempt that has the most.</param>
/// <param name="PieceCount">The number of metadata pieces; 0 while no peer has reported the size.</param>
/// <param name="Peers">Connected peers that offer the metadata.</param>
public readonly record struct MetadataProgress(int Pieces, int PieceCount, int Peers);

namespace Freshet.Core.Torrents;

/// <summary>How far the metadata of a magnet link has come. Nothing of it is believed before the whole has the info-hash.</summary>
/// <param name="Pieces">Pieces of 16 KiB that have come, in the attempt that has most.</param>
/// <param name="PieceCount">All pieces of it; 0 while no peer has said how many there are.</param>
/// <param name="Peers">Connected peers that offer it.</param>
public readonly record struct MetadataProgress(int Pieces, int PieceCount, int Peers);

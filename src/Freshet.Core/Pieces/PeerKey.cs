namespace Freshet.Core.Pieces;

/// <summary>Names one source of blocks within its torrent, mostly the connection with a peer; never used again after it ends.</summary>
internal readonly record struct PeerKey(int Value);

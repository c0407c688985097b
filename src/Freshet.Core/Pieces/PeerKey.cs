namespace Freshet.Core.Pieces;

/// <summary>Names one connection within its torrent; never used again after the connection ends.</summary>
internal readonly record struct PeerKey(int Value);

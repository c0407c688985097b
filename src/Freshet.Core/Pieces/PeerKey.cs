namespace Freshet.Core.Pieces;

/// <summary>Identifies a source of blocks within its torrent, usually a connection to a peer; never reused.</summary>
internal readonly record struct PeerKey(int Value);

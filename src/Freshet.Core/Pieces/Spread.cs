namespace Freshet.Core.Pieces;

/// <summary>How well a torrent's pieces are spread over the connected peers.</summary>
/// <param name="OfRarestMissing">How many peers have the rarest missing piece; null if unknown.</param>
/// <param name="Copies">The number of copies of the rarest piece, ours included, plus the share of the pieces that are less rare.</param>
internal readonly record struct Spread(int? OfRarestMissing, double Copies);

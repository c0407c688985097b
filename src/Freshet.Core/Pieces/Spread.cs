namespace Freshet.Core.Pieces;

/// <summary>How well a torrent's pieces are spread over those who are connected.</summary>
/// <param name="OfRarestMissing">How many peers have the missing piece that fewest have; null if that is not known.</param>
/// <param name="Copies">The count of the rarest of all pieces, ours included, plus the part of the pieces that have more.</param>
internal readonly record struct Spread(int? OfRarestMissing, double Copies);

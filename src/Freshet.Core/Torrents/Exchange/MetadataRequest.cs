using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>A request for a piece of metadata that a peer has not answered.</summary>
/// <param name="Attempt">The attempt it belongs to.</param>
/// <param name="Piece">The piece.</param>
/// <param name="AskedAt">When it was sent, on the peer's own clock.</param>
/// <param name="IsOverdue">Whether others are asked for the piece too by now. The answer is still accepted if it comes.</param>
internal readonly record struct MetadataRequest(MetadataAttempt Attempt, int Piece, Timestamp AskedAt, bool IsOverdue = false);

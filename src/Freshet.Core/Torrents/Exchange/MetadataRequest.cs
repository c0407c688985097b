using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>A piece of metadata that a peer was asked for and has not sent.</summary>
/// <param name="Attempt">What it is for.</param>
/// <param name="Piece">The piece.</param>
/// <param name="AskedAt">When, on the peer's own clock.</param>
/// <param name="IsOverdue">Whether others are asked for it as well by now. It is taken nevertheless, should it come.</param>
internal readonly record struct MetadataRequest(MetadataAttempt Attempt, int Piece, Timestamp AskedAt, bool IsOverdue = false);

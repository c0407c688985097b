using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>When an active torrent is too slow to count as active.</summary>
/// <param name="Below">The threshold for its rate: of download while something is missing, of upload after that.</param>
/// <param name="For">How long the rate must stay below the threshold, or above it, before that counts.</param>
internal readonly record struct SlowRule(DataRate Below, TimeSpan For);

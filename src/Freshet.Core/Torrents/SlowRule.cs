using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>When an active torrent is too slow to be counted among the active ones.</summary>
/// <param name="Below">Its rate: of receiving while something is missing, of sending after that.</param>
/// <param name="For">How long it has been below, or it has not, before that counts.</param>
internal readonly record struct SlowRule(DataRate Below, TimeSpan For);

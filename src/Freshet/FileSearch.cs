using System.Collections.Immutable;

namespace Freshet;

/// <summary>What a search for a torrent's files under other names has done.</summary>
/// <param name="Placed">The files that were found and have their own names now.</param>
/// <param name="IsCutShort">
/// Whether the search ended before everything was tried: it reads no more than four times the torrent's length and 1 GiB, however many
/// files of the right length there are. What was found by then is placed; the rest is downloaded.
/// </param>
public sealed record FileSearch(ImmutableArray<PlacedFile> Placed, bool IsCutShort);

using System.Collections.Immutable;

namespace Freshet.Core.Peers;

/// <summary>The parsed content of a blocklist.</summary>
/// <param name="Ranges">The blocked addresses.</param>
/// <param name="BadLines">The number of lines in no known format.</param>
/// <param name="Errors">The first bad lines and any other problems, each with its line number.</param>
internal sealed record Blocklist(AddressRanges Ranges, int BadLines, ImmutableArray<string> Errors);

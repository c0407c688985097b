using System.Collections.Immutable;

namespace Freshet.Core.Peers;

/// <summary>What a list of blocked addresses holds.</summary>
/// <param name="Ranges">The addresses.</param>
/// <param name="BadLines">How many lines are none of the forms that are read.</param>
/// <param name="Errors">The first of them, and whatever else is wrong, each with the number of the line.</param>
internal sealed record Blocklist(AddressRanges Ranges, int BadLines, ImmutableArray<string> Errors);

using Freshet.Cli.Parsing;

namespace Freshet.Cli.Transfers;

/// <summary>How much the files that match a pattern are wanted.</summary>
/// <param name="Pattern">Which.</param>
/// <param name="Priority">How much.</param>
internal sealed record FileRule(GlobPattern Pattern, FilePriority Priority);

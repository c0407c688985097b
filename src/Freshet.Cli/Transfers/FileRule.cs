using Freshet.Cli.Parsing;

namespace Freshet.Cli.Transfers;

/// <summary>A priority for the files that match a pattern.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Priority">The priority.</param>
internal sealed record FileRule(GlobPattern Pattern, FilePriority Priority);

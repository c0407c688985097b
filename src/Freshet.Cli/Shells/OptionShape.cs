namespace Freshet.Cli.Shells;

/// <param name="Names">All its names, with dashes.</param>
/// <param name="Description">A sentence.</param>
/// <param name="Kind">The kind of value.</param>
/// <param name="ValueName">The value's name in the help.</param>
/// <param name="Many">Whether it may be repeated.</param>
internal sealed record OptionShape(IReadOnlyList<string> Names, string Description, ValueKind Kind, string ValueName, bool Many);

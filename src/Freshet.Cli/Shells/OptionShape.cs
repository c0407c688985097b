namespace Freshet.Cli.Shells;

/// <param name="Names">Every way to write it, dashes and all.</param>
/// <param name="Description">A sentence.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="ValueName">What help calls the value.</param>
/// <param name="Many">Whether it may be given more than once.</param>
internal sealed record OptionShape(IReadOnlyList<string> Names, string Description, ValueKind Kind, string ValueName, bool Many);

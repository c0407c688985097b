namespace Freshet.Cli.Shells;

/// <param name="Name">Its name in the help.</param>
/// <param name="Kind">The kind of value.</param>
/// <param name="Choices">The allowed words, if it is one of a few.</param>
/// <param name="Many">Whether it may be repeated.</param>
internal sealed record ArgumentShape(string Name, ValueKind Kind, IReadOnlyList<string> Choices, bool Many);

namespace Freshet.Cli.Shells;

/// <param name="Name">What help calls it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Choices">The words, where it is one of a few.</param>
/// <param name="Many">Whether there may be more than one.</param>
internal sealed record ArgumentShape(string Name, ValueKind Kind, IReadOnlyList<string> Choices, bool Many);

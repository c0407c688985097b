namespace Freshet.Daemon.Watching;

/// <summary>A file in a watch folder that has not changed for a while.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsFinal">Whether it has been unchanged for so long that it must be complete.</param>
internal readonly record struct SettledFile(string Name, bool IsFinal);

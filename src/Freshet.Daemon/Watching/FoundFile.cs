namespace Freshet.Daemon.Watching;

/// <summary>A file in a watch folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Changed">When it was last written.</param>
internal readonly record struct FoundFile(string Name, long Length, DateTime Changed);

using Freshet.FileSystem;

namespace Freshet.SimulatedFiles;

/// <summary>What a path names.</summary>
/// <param name="Kind">A file, a folder or a link.</param>
/// <param name="Number">The file's number; 0 for others.</param>
/// <param name="Target">Where a link leads.</param>
internal sealed record NamedEntry(FileKind Kind, int Number = 0, string? Target = null);

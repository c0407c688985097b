namespace Freshet.Core.Metainfo;

/// <summary>Where a file of a torrent is stored.</summary>
/// <param name="Home">In which place.</param>
/// <param name="Path">
/// Its path below that, with <c>/</c> between elements; of a file in the part file, the path it will have once it is wanted.
/// </param>
internal readonly record struct StoredFile(FileHome Home, string Path);

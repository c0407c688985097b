namespace Freshet.Core.Metainfo;

/// <summary>Where a file of a torrent is stored.</summary>
/// <param name="Home">The place.</param>
/// <param name="Path">Its path in that place, with <c>/</c> between elements; for a file in the part file, the path that it will have once
/// it is wanted.</param>
internal readonly record struct StoredFile(FileHome Home, string Path);

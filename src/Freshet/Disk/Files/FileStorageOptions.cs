using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>Options of a <see cref="FileStorage"/>.</summary>
internal sealed record FileStorageOptions
{
    /// <summary>The download folder, absolute; file paths lie below it.</summary>
    public required string Folder { get; init; }

    /// <summary>The files, with their paths sanitized by the metainfo.</summary>
    public required ImmutableArray<TorrentFile> Files { get; init; }

    /// <summary>Where each file is stored below the folder.</summary>
    public FileMap Map { get; init; } = FileMap.Identity;

    public required PieceLayout Layout { get; init; }

    /// <summary>The name of the part file in the folder.</summary>
    public string PartFileName { get; init; } = ".freshet-parts";

    /// <summary>The session's open files.</summary>
    public required FileHandles Handles { get; init; }

    /// <summary>The file system.</summary>
    public IFileSystem System { get; init; } = SystemFiles.Instance;

    public Preallocation Preallocation { get; init; }
}

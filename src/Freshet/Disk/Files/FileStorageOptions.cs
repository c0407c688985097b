using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>What a <see cref="FileStorage"/> keeps, and where.</summary>
internal sealed record FileStorageOptions
{
    /// <summary>The download folder, absolute; file paths lie below it.</summary>
    public required string Folder { get; init; }

    /// <summary>The files, their paths made safe by metainfo.</summary>
    public required ImmutableArray<TorrentFile> Files { get; init; }

    /// <summary>Where each is stored, below the folder.</summary>
    public FileMap Map { get; init; } = FileMap.Identity;

    public required PieceLayout Layout { get; init; }

    /// <summary>The name of the part file in the folder.</summary>
    public string PartFileName { get; init; } = ".freshet-parts";

    /// <summary>The session's open files.</summary>
    public required FileHandles Handles { get; init; }

    /// <summary>What the files are files of.</summary>
    public IFileSystem System { get; init; } = SystemFiles.Instance;

    public Preallocation Preallocation { get; init; }
}

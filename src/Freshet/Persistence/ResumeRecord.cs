using Freshet.Core.Pieces;
using Freshet.Disk.Files;


namespace Freshet.Persistence;

/// <summary>
/// What is recorded of a torrent's data between runs. A piece or block is recorded only after its bytes were flushed to disk.
/// </summary>
internal sealed record ResumeRecord
{
    /// <summary>Pieces that are verified and flushed.</summary>
    public required Bitfield Have { get; init; }

    /// <summary>Blocks of unfinished pieces that are written and flushed, though not verified.</summary>
    public IReadOnlyList<PartialPiece> Partial { get; init; } = [];

    /// <summary>The stamp of each file when this was written, in the torrent's order.</summary>
    public required IReadOnlyList<FileStamp> Files { get; init; }

    /// <summary>
    /// Whether nothing was written after this record. False while a download runs, when files are expected to be newer than the record.
    /// </summary>
    public required bool IsClean { get; init; }
}

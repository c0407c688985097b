using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>A torrent's data, as <see cref="TorrentMemory"/> needs it to record what of it is durable.</summary>
internal interface IRecordedData
{
    /// <summary>Where each file is stored.</summary>
    FileMap Map { get; }

    /// <summary>The number of failed flushes, whoever requested them.</summary>
    int FailedFlushes { get; }

    /// <summary>The stamp of each file at the start of a run, and any obstacle to it. Blocks.</summary>
    (ImmutableArray<FileStamp> Stamps, StorageError? Obstacle) Survey(TorrentOptions options);

    /// <summary>Whether verified pieces were in the part file and it no longer exists. Blocks.</summary>
    bool HasLostPartFile(Bitfield have);

    /// <summary>Existing files may have been written, but not flushed, by an earlier run: includes them in the next flush.</summary>
    void DoubtFiles();

    /// <summary>The stamp of each file, which may still grow.</summary>
    Task<ImmutableArray<FileStamp>> LookAsync(CancellationToken givenUp);

    /// <summary>Makes durable what was verified before the call and the blocks of unfinished pieces, and returns the latter.</summary>
    Task<FlushResult> FlushAsync(CancellationToken givenUp);

    /// <summary>The files written and flushed since the last call.</summary>
    IReadOnlyCollection<int> TakeFlushed();

    /// <summary>The stamp of each file at the end of a run.</summary>
    Task<ImmutableArray<FileStamp>> CloseAndLookAsync(CancellationToken givenUp);

    /// <summary>
    /// Whether all files are still where they were written. If files are missing, the owner of the data is notified.
    /// </summary>
    Task<bool> IsWholeAsync(CancellationToken givenUp);

    /// <summary>Deletes the part file, once it is recorded that it is empty.</summary>
    Task TidyAsync(FileMap recorded, CancellationToken givenUp);
}

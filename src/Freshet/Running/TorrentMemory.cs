using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Loops;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// What is recorded of a torrent between runs. One save runs at a time; a piece is recorded only after a flush that began when it was
/// already verified; nothing is written that is recorded already. If another process keeps the record for another folder, nothing is
/// recorded.
/// </summary>
internal sealed class TorrentMemory
{
    private readonly StateFolder? _state;
    private readonly TorrentClaim? _claim;
    private readonly OneAtATime _saves = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TorrentRecord _record;
    private TorrentMetainfo? _metainfo;
    private Evidence? _evidence;
    private ImmutableArray<int> _found = [];
    private int _failedFlushes;
    private bool _wasInDoubt;
    private volatile bool _isWriting;
    private bool _isClosed;

    private TorrentMemory(StateFolder? state, TorrentMetainfo? metainfo, TorrentRecord record, TorrentClaim? claim)
    {
        _claim = claim;
        _state = claim is { KeepsRecord: false } ? null : state;
        _metainfo = metainfo;
        _record = record;
        if (claim is { KeepsRecord: false })
            Caution = "Another process is at work on this torrent in another folder, and keeps its record. "
                + "This one keeps none: interrupted, it will check what is there. With another state folder it would keep its own.";
    }

    /// <summary>The info-hash by which the torrent's state files are named while it is in its session.</summary>
    public InfoHash Key => _record.InfoHash;

    /// <summary>The link by which the torrent was added; null if there was none.</summary>
    public MagnetLink? Link { get; private init; }

    /// <summary>The absolute folder of the torrent's files.</summary>
    public string Folder => _record.Folder;

    /// <summary>
    /// Completes when nothing is written any more: later than <see cref="CloseAsync"/> if a caller did not wait for that.
    /// </summary>
    public Task Closed => _closed.Task;

    /// <summary>The last record, written or not.</summary>
    public TorrentRecord Record => Volatile.Read(ref _record);

    /// <summary>Whether something is being written to the state folder.</summary>
    public bool IsWriting => _isWriting;

    /// <summary>Whether an earlier run had recorded the torrent.</summary>
    public bool WasKnown { get; private set; }

    /// <summary>Whether anything is recorded.</summary>
    public bool KeepsRecord => _state is not null;

    /// <summary>Whether the record notes that nothing was written after it.</summary>
    public bool IsClean => Record.Data is { IsClean: true };

    /// <summary>What the user should know about this torrent's record; null if nothing.</summary>
    public string? Caution { get; private set; }

    /// <summary>Where the metainfo is kept; null if it is not kept or not known yet.</summary>
    public StoredTorrent? Stored => _metainfo is null ? null : _state?.TorrentOf(Key);

    /// <summary>Claims an added torrent and records it.</summary>
    /// <param name="state">The state folder; null for none.</param>
    /// <param name="source">The torrent.</param>
    /// <param name="metainfo">Its metainfo, with the names that its files have; null if it is not known.</param>
    /// <param name="wanted">The record to write. What an earlier run has recorded is kept.</param>
    /// <exception cref="FreshetException">
    /// Another process uses the torrent in this folder, or its state cannot be read or written.
    /// </exception>
    public static TorrentMemory Add(StateFolder? state, LoadedSource source, TorrentMetainfo? metainfo, TorrentRecord wanted)
    {
        TorrentClaim? claim = state is { IsAlone: false } ? state.Claim(wanted.InfoHash, wanted.Folder) : null;
        TorrentMemory memory = new(state, metainfo, wanted, claim) { Link = source.Link };
        try
        {
            memory.TakeOverAndSave(source);
            return memory;
        }
        catch (FreshetException)
        {
            memory._claim?.Dispose();
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            memory._claim?.Dispose();
            throw new FreshetException(
                FreshetError.Storage, $"The torrent's state cannot be written: {e.Message.TrimEnd('.')}. {StateTrouble.WhatToDo}", e);
        }
    }

    /// <summary>Continues from the record of an earlier run. Writes nothing.</summary>
    public static TorrentMemory Restore(StateFolder state, RestoredTorrent torrent) =>
        new(state, torrent.Metainfo, torrent.Record, claim: null) { Link = torrent.Link, Caution = torrent.Caution };

    /// <summary>
    /// Saves received metadata, so that the next start needs no peers. The record is written first, so that the .torrent never exists
    /// without the selection of its files.
    /// </summary>
    /// <param name="source">The .torrent.</param>
    /// <param name="metainfo">Its metainfo, with the names that its files have.</param>
    /// <param name="change">Other changes to record.</param>
    /// <param name="givenUp">Cancelled when a disk that does not respond is given up.</param>
    /// <exception cref="IOException">The state cannot be written.</exception>
    public async Task LearnAsync(
        LoadedSource source, TorrentMetainfo metainfo, Func<TorrentRecord, TorrentRecord> change, CancellationToken givenUp)
    {
        await WriteAsync(change, givenUp).ConfigureAwait(false);
        if (_state is { } state)
        {
            Task Save() => state.RunAsync(() => state.SaveTorrent(Key, source.Content.Span));
            await InTurnAsync(Save, givenUp).ConfigureAwait(false);
        }

        Volatile.Write(ref _metainfo, metainfo);
    }

    /// <summary>Decides how much of the data to trust, and what to check first. The metadata must be known. Blocks.</summary>
    /// <param name="store">The data.</param>
    /// <param name="options">The torrent's options.</param>
    /// <param name="resume">Whether to trust the record at all.</param>
    public ResumePlan Plan(IRecordedData store, TorrentOptions options, bool resume)
    {
        (ImmutableArray<FileStamp> files, StorageError? obstacle) = store.Survey(options);
        if (obstacle is not null)
            return new ResumePlan.Refuse(obstacle.Message, Translation.ToReason(obstacle.Kind));
        if (Record.Found.IsDefault)
            _found = FindThere(files);
        ResumeRecord? data = resume && _state is not null ? Record.Data : null;
        if (data is not null && store.HasLostPartFile(data.Have))
            data = null;
        ResumePlan plan = ResumePlan.Decide(_metainfo!, Folder, data, files, store.Map);
        if (plan is not ResumePlan.Go go)
            return plan;
        _evidence = new Evidence(go.Have, files);

        // The next record must not contain file stamps, either, that a power cut could undo.
        if (go.Check is not null || data is not { IsClean: true })
            store.DoubtFiles();
        return plan;
    }

    /// <summary>Records, before anything is written, which files already existed.</summary>
    public async Task NoteFoundAsync(CancellationToken givenUp)
    {
        if (!Record.Found.IsDefault)
            return;
        try
        {
            await WriteAsync(record => record with { Found = _found }, givenUp).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next checkpoint reports that nothing can be recorded; the next process will look again.
            Volatile.Write(ref _record, Record with { Found = _found });
        }
    }

    /// <summary>
    /// Notes in the record, before anything is written, that files will be newer than it and that only what the plan trusts is valid:
    /// otherwise a crash before the first checkpoint would bring back data found to be wrong. Not needed if nothing is recorded.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="givenUp">Cancelled when a disk that does not respond is given up.</param>
    /// <returns>The plan, or why it cannot be followed.</returns>
    public async Task<ResumePlan> BeginAsync(ResumePlan.Go plan, CancellationToken givenUp = default)
    {
        if (Record.Data is not { } data)
            return plan;
        try
        {
            // The recorded stamps stay: nothing was flushed yet, and a power cut may revert the files to them.
            ResumeRecord begun = data with { Have = plan.Have, Partial = plan.Partial, IsClean = false };
            await WriteAsync(record => record with { Data = begun }, givenUp).ConfigureAwait(false);
            return plan;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ResumePlan.Refuse(
                $"The torrent's state cannot be recorded: {e.Message.TrimEnd('.')}. {StateTrouble.WhatToDo}",
                TorrentReason.StateNotWritable);
        }
    }

    /// <summary>Flushes, then records what was verified before the flush.</summary>
    /// <param name="store">The torrent's data.</param>
    /// <param name="have">A copy of the pieces verified at the time of the call.</param>
    /// <param name="stamp">Adds everything else to the record.</param>
    /// <param name="clean">Whether nothing will be written after this, and nothing is left to check.</param>
    /// <param name="givenUp">Cancelled when a disk that does not respond is given up. If it responds later, nothing changes here.</param>
    /// <returns>Null, or why the disk failed, in which case the earlier record stays.</returns>
    public async Task<string?> SaveAsync(
        IRecordedData store,
        Bitfield have,
        Func<TorrentRecord, TorrentRecord> stamp,
        bool clean,
        CancellationToken givenUp = default)
    {
        if (_evidence is not { } evidence)
        {
            await NoteAsync(stamp, givenUp).ConfigureAwait(false);
            return null;
        }

        // A file moved out of the part file meanwhile is in both places.
        FileMap map = store.Map;

        // While files still grow, only what existed before the flush is certain to survive a power cut.
        ImmutableArray<FileStamp> stamps = _state is null ? []
            : await store.LookAsync(givenUp).ConfigureAwait(false);
        int failedFlushes = store.FailedFlushes;
        FlushResult flushed = await store.FlushAsync(givenUp).ConfigureAwait(false);

        // A piece that had blocks when a flush failed is verified now, is in progress, or will be verified by the next save.
        bool isInDoubt = failedFlushes != _failedFlushes;
        if (isInDoubt || _wasInDoubt)
            evidence.OnFlushFailed(have, flushed.Partial.Select(partial => partial.Piece));
        _wasInDoubt = isInDoubt;
        _failedFlushes = failedFlushes;
        if (flushed.Error is { } error)
        {
            // The content of the folder is no longer what was recorded: the next start must check all of it.
            if (error.Kind == StorageErrorKind.Replaced)
                await WriteAsync(
                    record => stamp(record) with { Data = DataOf(new Bitfield(have.Length), [], isClean: false) },
                    givenUp).ConfigureAwait(false);
            return error.Message;
        }

        if (store.FailedFlushes != failedFlushes)
            return "A flush of the disk failed meanwhile.";
        if (_state is null)
            return null;
        if (clean)
            stamps = await store.CloseAndLookAsync(givenUp).ConfigureAwait(false);
        evidence.OnFlushed(have, store.TakeFlushed(), stamps);
        Bitfield recorded = evidence.Have;
        IReadOnlyList<PartialPiece> partial =
            [.. flushed.Partial.Where(partial => !have[partial.Piece] && !evidence.IsPieceInDoubt(partial.Piece))];
        await WriteAsync(
            record => stamp(record) with
            {
                Map = record.Map.WithHomesOf(map, _metainfo!.Files),
                Data = DataOf(recorded, partial, clean && !evidence.IsInDoubt),
            },
            givenUp).ConfigureAwait(false);
        await store.TidyAsync(Record.Map, givenUp).ConfigureAwait(false);
        return null;
    }

    /// <summary>Records changes that do not concern the data; the recorded data stays.</summary>
    public Task NoteAsync(Func<TorrentRecord, TorrentRecord> stamp, CancellationToken givenUp = default) => WriteAsync(stamp, givenUp);

    /// <summary>Records that a file is about to be renamed, before it is.</summary>
    public Task BeginRenamingAsync(TorrentFile file, string path, CancellationToken givenUp) =>
        WriteAsync(record => record with { Renaming = new PendingRename(file.Index, path) }, givenUp);

    /// <summary>Records where files are, durably: no rename is pending any more.</summary>
    public Task EndRenamingAsync(FileMap map, CancellationToken givenUp) =>
        WriteAsync(record => record with { Map = map, Renaming = null }, givenUp);

    /// <summary>Records that the files are about to be moved, before any is.</summary>
    public Task BeginMovingAsync(string folder, CancellationToken givenUp) =>
        WriteAsync(record => record with { Moving = new PendingMove(folder, IsSwitched: false) }, givenUp);

    /// <summary>Records that all files are in another folder, durably; copied originals are still in the old one.</summary>
    /// <param name="folder">The new folder.</param>
    /// <param name="stamps">The stamps before and after the move, in the torrent's order.</param>
    /// <param name="givenUp">Cancelled when a disk that does not respond is given up.</param>
    public Task SwitchAsync(
        string folder, IReadOnlyList<(FileStamp Before, FileStamp Now)> stamps, CancellationToken givenUp) => WriteAsync(
        record => record with
        {
            Folder = folder,
            Moving = new PendingMove(record.Folder, IsSwitched: true),
            Options = record.Options with { DownloadFolder = folder },

            // Earlier changes by another program must still be noticed.
            Data = record.Data is not { } data ? null : data with
            {
                Files = [.. data.Files.Select((stamp, i) => stamp == stamps[i].Before ? stamps[i].Now : stamp)],
            },
        },
        givenUp);

    /// <summary>Records that no move is pending any more.</summary>
    public Task EndMovingAsync(CancellationToken givenUp) => WriteAsync(record => record with { Moving = null }, givenUp);

    /// <summary>Closes after the writes in progress: nothing is written afterwards, and others may claim the torrent.</summary>
    /// <param name="forget">Whether the record is deleted because the torrent was removed.</param>
    /// <exception cref="FreshetException">The record cannot be deleted.</exception>
    public Task CloseAsync(bool forget) => _saves.RunAsync(async () =>
    {
        _isClosed = true;
        try
        {
            // While the claim still keeps others out.
            if (forget && _state is { } state)
                await state.RunAsync(() => state.Forget(Key)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(
                FreshetError.Storage,
                $"The torrent is removed, but comes back when the session is restored: {e.Message.TrimEnd('.')}. {StateTrouble.WhatToDo}",
                e);
        }
        finally
        {
            _claim?.Dispose();
            _closed.SetResult();
        }
    });

    private ImmutableArray<int> FindThere(ImmutableArray<FileStamp> files) =>
        [.. _metainfo!.Files.Where(file => files[file.Index] is { Exists: true, Length: > 0 }).Select(file => file.Index)];

    private ResumeRecord DataOf(Bitfield have, IReadOnlyList<PartialPiece> partial, bool isClean) => new()
    {
        Have = have,
        Partial = partial,
        Files = _evidence!.Stamps,
        IsClean = isClean,
    };

    private void TakeOverAndSave(LoadedSource source)
    {
        if (_state is null)
            return;
        (TorrentRecord? earlier, string? warning) = _state.LoadResume(Key, _metainfo);
        Caution = warning;
        WasKnown = earlier is not null;
        if (source.Link is { } link)
            _state.SaveLink(Key, link);
        if (source.HasMetadata)
            _state.SaveTorrent(Key, source.Content.Span);
        if (earlier is not null)
        {
            // Files whose interrupted move had the folder wanted now as its destination are moved there, and their record is kept.
            bool isOnItsWay = earlier.Moving is { IsSwitched: false } moving && moving.Folder == _record.Folder;
            bool isInFolder = isOnItsWay || earlier.Folder == _record.Folder;
            _record = _record with
            {
                Folder = isOnItsWay ? earlier.Folder : _record.Folder,
                Map = isInFolder ? earlier.Map : _record.Map,
                Renaming = isInFolder ? earlier.Renaming : null,
                Found = isInFolder ? earlier.Found : default,
                Moving = isInFolder ? earlier.Moving : null,
                AddedAt = earlier.AddedAt > DateTimeOffset.UnixEpoch ? earlier.AddedAt : _record.AddedAt,
                CompletedAt = earlier.CompletedAt,
                IsCompletionHandled = earlier.IsCompletionHandled,
                ForeignOptions = earlier.ForeignOptions,
                Totals = earlier.Totals,
                Data = isInFolder ? earlier.Data : null,
            };
        }

        _state.SaveResume(_record);
    }

    private Task WriteAsync(Func<TorrentRecord, TorrentRecord> change, CancellationToken givenUp) => InTurnAsync(
        async () =>
        {
            TorrentRecord record = change(Record);
            if (_state is { } state)
                await state.RunAsync(() => state.SaveResume(record)).ConfigureAwait(false);
            Volatile.Write(ref _record, record);
        },
        givenUp);

    // A write that has begun finishes, in its turn, whether anyone still waits for it or not.
    private Task InTurnAsync(Func<Task> write, CancellationToken givenUp) => _saves.RunAsync(async () =>
    {
        if (_isClosed || givenUp.IsCancellationRequested)
            return;
        _isWriting = true;
        try
        {
            await write().ConfigureAwait(false);
        }
        finally
        {
            _isWriting = false;
        }
    }).WaitOrLeaveAsync(givenUp);
}

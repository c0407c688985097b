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
/// What is remembered of a torrent between runs. One save runs at a time; a piece is recorded only after a flush that began when it was
/// already verified; nothing is written that stands there already. Where another process keeps the record, for another folder, nothing is
/// remembered.
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

    /// <summary>By what the torrent's state files are named, as long as it is in its session.</summary>
    public InfoHash Key => _record.InfoHash;

    /// <summary>The link by which it was added; null if there was none.</summary>
    public MagnetLink? Link { get; private init; }

    /// <summary>The absolute folder of the torrent's files.</summary>
    public string Folder => _record.Folder;

    /// <summary>Ends when nothing is written any more: later than <see cref="CloseAsync"/> if somebody did not wait for that.</summary>
    public Task Closed => _closed.Task;

    /// <summary>What was recorded last, or would have been.</summary>
    public TorrentRecord Record => Volatile.Read(ref _record);

    /// <summary>Whether something is being written to the state folder.</summary>
    public bool IsWriting => _isWriting;

    /// <summary>Whether anything is remembered.</summary>
    public bool KeepsRecord => _state is not null;

    /// <summary>Whether the record says that nothing is written after it.</summary>
    public bool IsClean => Record.Data is { IsClean: true };

    /// <summary>What a user should know of how this torrent is remembered; null if all is as expected.</summary>
    public string? Caution { get; private set; }

    /// <summary>Where the torrent's metainfo is kept; null if it is not, or not known yet.</summary>
    public StoredTorrent? Stored => _metainfo is null ? null : _state?.TorrentOf(Key);

    /// <summary>Claims a torrent that is added, and records it.</summary>
    /// <param name="state">Where; null for nowhere.</param>
    /// <param name="source">The torrent.</param>
    /// <param name="metainfo">What it holds, by the names that its files have; null if that is not known.</param>
    /// <param name="wanted">What is to be recorded. What an earlier run knew of the torrent is kept.</param>
    /// <exception cref="FreshetException">Another process has it in this folder, or its state cannot be written.</exception>
    public static TorrentMemory Add(StateFolder? state, LoadedSource source, TorrentMetainfo? metainfo, TorrentRecord wanted)
    {
        TorrentClaim? claim = state is { IsAlone: false } ? state.Claim(wanted.InfoHash, wanted.Folder) : null;
        TorrentMemory memory = new(state, metainfo, wanted, claim) { Link = source.Link };
        try
        {
            memory.TakeOverAndSave(source);
            return memory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            memory._claim?.Dispose();
            throw new FreshetException(
                FreshetError.Storage, $"The torrent's state cannot be written: {e.Message.TrimEnd('.')}. {StateTrouble.WhatToDo}", e);
        }
    }

    /// <summary>Goes on with what an earlier run recorded. Writes nothing.</summary>
    public static TorrentMemory Restore(StateFolder state, RestoredTorrent torrent) =>
        new(state, torrent.Metainfo, torrent.Record, claim: null) { Link = torrent.Link, Caution = torrent.Caution };

    /// <summary>
    /// The metadata came: keeps it, so that the next start needs no peers. The record goes first: whoever finds the .torrent finds also
    /// which of its files are wanted.
    /// </summary>
    /// <param name="source">The .torrent.</param>
    /// <param name="metainfo">What it says, by the names that its files have.</param>
    /// <param name="change">What else is to be recorded.</param>
    /// <param name="givenUp">Ends the waiting for a disk that does not answer.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
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

    /// <summary>What to believe of the data, and what to check first. The metadata is known. Blocks.</summary>
    /// <param name="store">The data.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="resume">Whether what was recorded is to be believed at all.</param>
    public ResumePlan Plan(TorrentStore store, TorrentOptions options, bool resume)
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

        // Of how a file looks, too, the next record is to say nothing that a power cut could take back.
        if (go.Check is not null || data is not { IsClean: true })
            store.DoubtFiles();
        return plan;
    }

    /// <summary>Records, before anything is written, which files were there already.</summary>
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
            // The next checkpoint says that nothing can be recorded; the next process will look again.
            Volatile.Write(ref _record, Record with { Found = _found });
        }
    }

    /// <summary>
    /// Says, before anything is written, that files will be newer than what is recorded, and that no more is believed than the plan says:
    /// else a crash before the first checkpoint would bring back what was found to be wrong. Needless if nothing is recorded.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="givenUp">Ends the waiting for a disk that does not answer.</param>
    /// <returns>The plan, or why it cannot be followed.</returns>
    public async Task<ResumePlan> BeginAsync(ResumePlan.Go plan, CancellationToken givenUp = default)
    {
        if (Record.Data is not { } data)
            return plan;
        try
        {
            // What files look like stays as recorded: nothing was flushed yet, and a power cut may take them back to that.
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

    /// <summary>Flushes, then records what was verified before.</summary>
    /// <param name="store">The torrent's data.</param>
    /// <param name="have">A copy of what was verified when the call was made.</param>
    /// <param name="stamp">Puts into the record what else is to be remembered.</param>
    /// <param name="clean">Whether nothing will be written after this, and nothing is left to be checked.</param>
    /// <param name="givenUp">
    /// Ends the waiting for a disk that does not answer. What it does after that changes nothing here.
    /// </param>
    /// <returns>Null, or why the disk did not take it; the earlier record stands then.</returns>
    public async Task<string?> SaveAsync(
        TorrentStore store,
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

        // What a file brings out of the part file meanwhile is in both.
        FileMap map = store.Map;

        // While the files still grow, only what was there before the flush is surely there after a power cut.
        ImmutableArray<FileStamp> stamps = _state is null ? []
            : await store.Disk.RunAsync(store.GetStamps).WaitOrLeaveAsync(givenUp).ConfigureAwait(false);
        int failedFlushes = store.Disk.FailedFlushes;
        FlushResult flushed = await store.Disk.FlushAsync(givenUp).ConfigureAwait(false);

        // A piece that had blocks when a flush failed is verified now, or begun, or verified at the next time.
        bool isInDoubt = failedFlushes != _failedFlushes;
        if (isInDoubt || _wasInDoubt)
            evidence.OnFlushFailed(have, flushed.Partial.Select(partial => partial.Piece));
        _wasInDoubt = isInDoubt;
        _failedFlushes = failedFlushes;
        if (flushed.Error is { } error)
        {
            // What lies in the folder now is not what was recorded: the next start is to look at all of it.
            if (error.Kind == StorageErrorKind.Replaced)
                await WriteAsync(
                    record => stamp(record) with { Data = DataOf(new Bitfield(have.Length), [], isClean: false) },
                    givenUp).ConfigureAwait(false);
            return error.Message;
        }

        if (store.Disk.FailedFlushes != failedFlushes)
            return "A flush of the disk failed meanwhile.";
        if (_state is null)
            return null;
        if (clean)
            stamps = await store.Disk.RunAsync(store.CloseAndGetStamps).WaitOrLeaveAsync(givenUp).ConfigureAwait(false);
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

    /// <summary>Records what has nothing to do with the data; what is recorded of that stays.</summary>
    public Task NoteAsync(Func<TorrentRecord, TorrentRecord> stamp, CancellationToken givenUp = default) => WriteAsync(stamp, givenUp);

    /// <summary>Records that a file is about to get another name, before it does.</summary>
    public Task BeginRenamingAsync(TorrentFile file, string path, CancellationToken givenUp) =>
        WriteAsync(record => record with { Renaming = new PendingRename(file.Index, path) }, givenUp);

    /// <summary>Records where files are, durably: none is being renamed any more.</summary>
    public Task EndRenamingAsync(FileMap map, CancellationToken givenUp) =>
        WriteAsync(record => record with { Map = map, Renaming = null }, givenUp);

    /// <summary>Records that the files are about to be moved, before any is.</summary>
    public Task BeginMovingAsync(string folder, CancellationToken givenUp) =>
        WriteAsync(record => record with { Moving = new PendingMove(folder, IsSwitched: false) }, givenUp);

    /// <summary>Records that all files are in another folder, durably; what was copied is left in the one before.</summary>
    /// <param name="folder">The folder that they are in.</param>
    /// <param name="stamps">What they looked like before and look like now, in the torrent's order.</param>
    /// <param name="givenUp">Ends the waiting for a disk that does not answer.</param>
    public Task SwitchAsync(
        string folder, IReadOnlyList<(FileStamp Before, FileStamp Now)> stamps, CancellationToken givenUp) => WriteAsync(
        record => record with
        {
            Folder = folder,
            Moving = new PendingMove(record.Folder, IsSwitched: true),
            Options = record.Options with { DownloadFolder = folder },

            // What somebody else has changed before is to show still.
            Data = record.Data is not { } data ? null : data with
            {
                Files = [.. data.Files.Select((stamp, i) => stamp == stamps[i].Before ? stamps[i].Now : stamp)],
            },
        },
        givenUp);

    /// <summary>Records that nothing is being moved any more.</summary>
    public Task EndMovingAsync(CancellationToken givenUp) => WriteAsync(record => record with { Moving = null }, givenUp);

    /// <summary>Ends after what is being written: nothing is from now on, and others may claim the torrent.</summary>
    /// <param name="forget">Whether it is forgotten: it was removed.</param>
    /// <exception cref="FreshetException">It cannot be forgotten.</exception>
    public Task CloseAsync(bool forget) => _saves.RunAsync(async () =>
    {
        _isClosed = true;
        try
        {
            // While nobody else can claim it.
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
        if (source.Link is { } link)
            _state.SaveLink(Key, link);
        if (source.HasMetadata)
            _state.SaveTorrent(Key, source.Content.Span);
        if (earlier is not null)
        {
            // Files that were on their way to where they are wanted now are brought there, and still known.
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

    // A write that has begun ends, in its turn, whether or not somebody waits for it.
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

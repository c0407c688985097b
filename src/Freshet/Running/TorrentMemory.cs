using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// What is remembered of a torrent between runs. One save runs at a time; a piece is recorded only after a flush that began when it was
/// already verified. Claimed for this process until disposed. Where another process keeps the record, for another folder, nothing is
/// remembered.
/// </summary>
internal sealed class TorrentMemory : IDisposable
{
    private const string WhatToDo = "Make the state folder writable and see that it has space, or use another.";

    private readonly StateFolder? _state;
    private readonly TorrentMetainfo _metainfo;
    private readonly TorrentClaim? _claim;
    private readonly OneAtATime _saves = new();
    private Evidence? _evidence;
    private bool _hasRecord;
    private (long Downloaded, long Uploaded) _before;
    private int _failedFlushes;

    private TorrentMemory(StateFolder? state, TorrentMetainfo metainfo, string folder)
    {
        _claim = state?.Claim(metainfo.SwarmHash, folder);
        _state = _claim is { KeepsRecord: true } ? state : null;
        _metainfo = metainfo;
        Folder = folder;
        if (_claim is { KeepsRecord: false })
            Caution = "Another process is at work on this torrent in another folder, and keeps its record. This one keeps none: interrupted, it will "
                + "check what is there. With another state folder it would keep its own.";
    }

    /// <summary>The absolute folder of the torrent's files.</summary>
    public string Folder { get; }

    /// <summary>Why nothing is remembered though it was to be, in words for the user; else null.</summary>
    public string? Caution { get; }

    /// <summary>Claims a torrent and keeps its .torrent.</summary>
    /// <exception cref="FreshetException">Another process has it in this folder, or its state cannot be written.</exception>
    public static TorrentMemory Open(StateFolder? state, TorrentMetainfo metainfo, ReadOnlyMemory<byte> content, string folder)
    {
        TorrentMemory memory = new(state, metainfo, folder);
        try
        {
            memory._state?.SaveTorrent(metainfo.SwarmHash, content.Span);
            return memory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            memory.Dispose();
            throw new FreshetException($"The torrent's state cannot be written: {e.Message.TrimEnd('.')}. {WhatToDo}", e);
        }
    }

    /// <summary>What to believe of the data, and what to check first.</summary>
    /// <param name="files">What the files look like now.</param>
    /// <param name="resume">Whether what was recorded is to be believed at all.</param>
    /// <param name="warn">Told if a record could not be understood.</param>
    public ResumePlan Plan(ImmutableArray<FileLook> files, bool resume, Action<string> warn)
    {
        ResumeRecord? record = null;
        if (_state is not null)
        {
            (record, string? warning) = _state.LoadResume(_metainfo);
            if (warning is not null)
                warn(warning);
        }

        _before = (record?.Downloaded ?? 0, record?.Uploaded ?? 0);
        if (record?.Folder != Folder)
            record = null;
        _hasRecord = record is not null;
        ResumePlan plan = ResumePlan.Decide(_metainfo, Folder, resume ? record : null, files);
        if (plan is ResumePlan.Go go)
            _evidence = new Evidence(go.Have, files);
        return plan;
    }

    /// <summary>
    /// Says, before anything is written, that files will be newer than what is recorded, and that no more is believed than the plan says:
    /// else a crash before the first checkpoint would bring back what was found to be wrong. Needless if nothing is recorded.
    /// </summary>
    /// <returns>The plan, or why it cannot be followed.</returns>
    public async Task<ResumePlan> BeginAsync(ResumePlan.Go plan)
    {
        if (!_hasRecord)
            return plan;
        try
        {
            await SaveAsync(Record(plan.Have, plan.Partial, isClean: false, default)).ConfigureAwait(false);
            return plan;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ResumePlan.Refuse($"The torrent's state cannot be recorded: {e.Message.TrimEnd('.')}. {WhatToDo}", TorrentReason.StateNotWritable);
        }
    }

    /// <summary>Flushes, then records what was verified before.</summary>
    /// <param name="store">The torrent's data.</param>
    /// <param name="have">A copy of what was verified when the call was made.</param>
    /// <param name="totals">Payload received and sent in this run.</param>
    /// <param name="clean">Whether nothing will be written after this, and nothing is left to be checked.</param>
    /// <returns>Null, or why the disk did not take it; the earlier record stands then.</returns>
    public async Task<string?> SaveAsync(TorrentStore store, Bitfield have, (long Downloaded, long Uploaded) totals, bool clean)
    {
        if (_state is null || _evidence is not { } evidence)
            return null;

        // While the files still grow, only what was there before the flush is surely there after a power cut.
        ImmutableArray<FileLook> looks = store.Look();
        FlushResult flushed = await store.Disk.FlushAsync().ConfigureAwait(false);
        int failedFlushes = store.Disk.FailedFlushes;
        if (failedFlushes != _failedFlushes)
            evidence.OnFlushFailed(have);
        _failedFlushes = failedFlushes;
        if (flushed.Error is { } error)
        {
            // What lies in the folder now is not what was recorded: the next start is to look at all of it.
            if (error.Kind == StorageErrorKind.Replaced)
                await SaveAsync(Record(new Bitfield(have.Length), [], isClean: false, totals)).ConfigureAwait(false);
            return error.Message;
        }

        evidence.OnFlushed(have, store.TakeFlushed(), clean ? store.LookClosed() : looks);
        Bitfield recorded = evidence.Have;
        IEnumerable<PartialPiece> partial = flushed.Partial.Where(partial => !have[partial.Piece]);
        await SaveAsync(Record(recorded, [.. partial], clean && !evidence.IsInDoubt, totals)).ConfigureAwait(false);
        return null;
    }

    /// <summary>Forgets the torrent: it is removed. To be called before it is disposed of, while nobody else can claim it.</summary>
    public void Forget() => _state?.Forget(_metainfo.SwarmHash);

    public void Dispose()
    {
        _claim?.Dispose();
        _saves.Dispose();
    }

    private ResumeRecord Record(Bitfield have, IReadOnlyList<PartialPiece> partial, bool isClean, (long Downloaded, long Uploaded) totals) => new()
    {
        InfoHash = _metainfo.SwarmHash,
        Folder = Folder,
        Have = have,
        Partial = partial,
        Files = _evidence!.Looks,
        IsClean = isClean,
        Downloaded = _before.Downloaded + totals.Downloaded,
        Uploaded = _before.Uploaded + totals.Uploaded,
    };

    private Task SaveAsync(ResumeRecord record) => _saves.RunAsync(async () =>
    {
        await Task.Run(() => _state!.SaveResume(record)).ConfigureAwait(false);
        _hasRecord = true;
    });
}

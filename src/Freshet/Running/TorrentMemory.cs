using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// What is remembered of a torrent between runs. One save runs at a time; a piece is recorded only after a flush that began when it was
/// already verified. Claimed for this process until disposed.
/// </summary>
internal sealed class TorrentMemory : IDisposable
{
    private readonly StateFolder? _state;
    private readonly TorrentMetainfo _metainfo;
    private readonly IDisposable? _claim;
    private readonly SemaphoreSlim _saving = new(1);
    private ResumeRecord? _last;

    private TorrentMemory(StateFolder? state, TorrentMetainfo metainfo, string folder)
    {
        _state = state;
        _metainfo = metainfo;
        _claim = state?.Claim(metainfo.SwarmHash);
        Folder = folder;
    }

    /// <summary>The absolute folder of the torrent's files.</summary>
    public string Folder { get; }

    /// <summary>Claims a torrent and keeps its .torrent.</summary>
    /// <exception cref="FreshetException">Another process has it, or its state cannot be written.</exception>
    public static TorrentMemory Open(StateFolder? state, TorrentMetainfo metainfo, ReadOnlyMemory<byte> content, string folder)
    {
        TorrentMemory memory = new(state, metainfo, folder);
        try
        {
            state?.SaveTorrent(metainfo.SwarmHash, content.Span);
            return memory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            memory.Dispose();
            throw new FreshetException($"The torrent's state cannot be written: {e.Message}", e);
        }
    }

    /// <summary>What to believe of the data, and what to check first.</summary>
    /// <param name="files">What the files look like now.</param>
    /// <param name="resume">Whether what was recorded is to be believed at all.</param>
    /// <param name="warn">Told if a record could not be understood.</param>
    public ResumePlan Plan(ImmutableArray<FileLook> files, bool resume, Action<string> warn)
    {
        _last = null;
        if (_state is not null && resume)
        {
            (ResumeRecord? record, string? warning) = _state.LoadResume(_metainfo);
            if (warning is not null)
                warn(warning);
            if (record?.Folder == Folder)
                _last = record;
        }

        return ResumePlan.Decide(_metainfo, Folder, _last, files);
    }

    /// <summary>
    /// Says, before anything is written, that files will be newer than what is recorded. Needless if nothing is recorded.
    /// </summary>
    public async Task MarkDirtyAsync()
    {
        if (_last is { IsClean: true } last)
            await SaveAsync(last with { IsClean = false }).ConfigureAwait(false);
    }

    /// <summary>Flushes, then records what was verified before.</summary>
    /// <param name="store">The torrent's data.</param>
    /// <param name="have">A copy of what was verified when the call was made.</param>
    /// <param name="totals">Payload received and sent in this run.</param>
    /// <param name="clean">Whether nothing will be written after this.</param>
    /// <returns>False if the disk did not take it; the earlier record stands.</returns>
    public async Task<bool> SaveAsync(TorrentStore store, Bitfield have, (long Downloaded, long Uploaded) totals, bool clean)
    {
        if (_state is null)
            return true;
        FlushResult flushed = await store.Disk.FlushAsync().ConfigureAwait(false);
        if (flushed.Error is not null)
            return false;
        await SaveAsync(new ResumeRecord
        {
            InfoHash = _metainfo.SwarmHash,
            Folder = Folder,
            Have = have,
            Partial = [.. flushed.Partial.Where(partial => !have[partial.Piece])],
            Files = store.Look(),
            IsClean = clean,
            Downloaded = totals.Downloaded,
            Uploaded = totals.Uploaded,
        }).ConfigureAwait(false);
        return true;
    }

    /// <summary>Forgets the torrent: it is removed.</summary>
    public void Forget() => _state?.Forget(_metainfo.SwarmHash);

    public void Dispose()
    {
        _claim?.Dispose();
        _saving.Dispose();
    }

    private async Task SaveAsync(ResumeRecord record)
    {
        await _saving.WaitAsync().ConfigureAwait(false);
        try
        {
            await Task.Run(() => _state!.SaveResume(record)).ConfigureAwait(false);
            _last = record;
        }
        finally
        {
            _saving.Release();
        }
    }
}

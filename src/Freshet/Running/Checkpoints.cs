using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Decides when to record a torrent's progress: at intervals while there is something new, at completion, and at the end of a run. Owned by
/// the torrent's loop; at most one save runs at a time, and the next begins after it.
/// </summary>
/// <param name="torrent">The torrent.</param>
/// <param name="patience">Ends a save, without result, if the disk does not respond.</param>
internal sealed class Checkpoints(IRecordedTorrent torrent, DiskPatience patience)
{
    private Timestamp _last;
    private volatile bool _isDirty;
    private volatile bool _hasNews;
    private Task _saving = Task.CompletedTask;
    private volatile string? _trouble;

    /// <summary>When <see cref="Tick"/> will save next.</summary>
    public Timestamp NextDue => _isDirty || _hasNews ? _last + torrent.CheckpointInterval : Timestamp.Never;

    /// <summary>Why the last save failed; null if it did not.</summary>
    public string? Trouble => _trouble;

    /// <summary>Whether the record is up to date with the data.</summary>
    public bool IsDataRecorded => !_isDirty && _saving.IsCompleted && torrent.Memory.IsClean;

    /// <summary>Begins a run: the first interval starts now.</summary>
    public void Begin(Timestamp now) => _last = now;

    /// <summary>Marks that the data has changed: a piece was verified, for example.</summary>
    public void MarkDirty() => _isDirty = true;

    /// <summary>Marks that something else has changed: payload was sent, for example. It is recorded without a flush.</summary>
    public void MarkNews() => _hasNews = true;

    /// <summary>A new phase began.</summary>
    public void OnPhase(TorrentPhase phase, Timestamp now)
    {
        switch (phase)
        {
            case TorrentPhase.Downloading when torrent.Memory.IsClean && torrent.Machine.MayWrite:
                // Files will be newer than the record from now on, which must note that.
                _ = SaveAsync(now, clean: false);
                break;
            case TorrentPhase.Downloading or TorrentPhase.Queued:
                MarkDirty();
                break;
        }
    }

    /// <summary>Saves if a save is due.</summary>
    public void Tick(Timestamp now)
    {
        if (now < NextDue || !_saving.IsCompleted)
            return;
        _ = _isDirty ? SaveAsync(now, clean: IsAtRest) : NoteAsync(now);
    }

    /// <summary>Flushes and saves now, after any save in progress.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="clean">Whether nothing will be written after this, and nothing is left to be checked.</param>
    public Task<bool> SaveAsync(Timestamp now, bool clean)
    {
        _isDirty = false;
        Bitfield have = torrent.Machine.Have.Clone();
        Func<TorrentRecord, TorrentRecord> stamp = Stamp(now);
        CancellationToken givenUp = patience.Token;
        return RunAsync(() => torrent.Memory.SaveAsync(torrent.Data!, have, stamp, clean, givenUp), have.Count);
    }

    /// <summary>Saves everything that does not concern the data, if it is not recorded already; after any save in progress.</summary>
    public Task<bool> NoteAsync(Timestamp now)
    {
        Func<TorrentRecord, TorrentRecord> stamp = Stamp(now);
        CancellationToken givenUp = patience.Token;
        return RunAsync(NoteAsync, null);

        async Task<string?> NoteAsync()
        {
            await torrent.Memory.NoteAsync(stamp, givenUp).ConfigureAwait(false);
            return null;
        }
    }

    // Everything wanted is there and no check is pending, so nothing will be written either.
    private bool IsAtRest => torrent.Machine.Phase.IsComplete && !torrent.Machine.IsCheckUnfinished;

    private Func<TorrentRecord, TorrentRecord> Stamp(Timestamp now)
    {
        _last = now;
        _hasNews = false;
        return torrent.History.Stamp(torrent.Options, torrent.Machine.Snapshot(now));
    }

    private async Task<bool> RunAsync(Func<Task<string?>> save, int? pieces)
    {
        // The next save awaits the end of this one, and the caller awaits its result. If both awaited the same task, the framework would
        // resume only one of them at once and the other on a thread of the pool, which a simulated clock does not know of.
        TaskCompletionSource ended = new();
        Task before = _saving;
        _saving = ended.Task;
        await before.ConfigureAwait(false);
        try
        {
            return await TrySaveAsync(save, pieces).ConfigureAwait(false);
        }
        finally
        {
            ended.SetResult();
        }
    }

    private async Task<bool> TrySaveAsync(Func<Task<string?>> save, int? pieces)
    {
        bool isSaved = false;
        try
        {
            string? trouble = await save().ConfigureAwait(false);
            isSaved = trouble is null;
            if (isSaved && pieces is { } count)
                torrent.OnRecorded(count);
            Report(trouble);
        }
        catch (OperationCanceledException)
        {
            // The code that gave up on the disk has warned already.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The state folder's disk is full, for example. What was recorded before stands; the next checkpoint tries again.
            Report($"{e.Message.TrimEnd('.')}. {StateTrouble.WhatToDo}");
        }
        finally
        {
            if (!isSaved)
                TryAgain(isData: pieces is not null);
        }

        return isSaved;
    }

    // Warns once, and not every half minute while the trouble lasts.
    private void Report(string? trouble)
    {
        if (trouble is not null && trouble != _trouble)
            torrent.Warn($"What was downloaded cannot be recorded, and would be checked after a crash: {trouble}");
        _trouble = trouble;
    }

    private void TryAgain(bool isData)
    {
        if (isData)
            _isDirty = true;
        else
            _hasNews = true;
        torrent.Wake();
    }
}

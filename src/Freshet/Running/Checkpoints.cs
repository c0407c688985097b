using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Diagnostics;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Decides when to record a torrent's progress: at intervals while there is something new, at completion, and at the end of a run. Owned by
/// the torrent's loop; at most one save runs at a time, and the next begins after it.
/// </summary>
/// <param name="services">The session's services.</param>
/// <param name="parts">What is recorded, and where.</param>
/// <param name="patience">Ends a save, without result, if the disk does not respond.</param>
/// <param name="torrent">The torrent, for its options, the log and its user's warnings.</param>
/// <param name="onFailed">Called on any thread when a save has failed, so that the loop reads <see cref="NextDue"/> again.</param>
internal sealed class Checkpoints(
    SessionServices services, RunningParts parts, DiskPatience patience, Torrent torrent, Action onFailed)
{
    private Timestamp _last;
    private volatile bool _isDirty;
    private volatile bool _hasNews;
    private Task<bool> _saving = Task.FromResult(true);
    private volatile string? _trouble;

    /// <summary>When <see cref="Tick"/> will save next.</summary>
    public Timestamp NextDue => _isDirty || _hasNews ? _last + services.Options.CheckpointInterval : Timestamp.Never;

    /// <summary>Why the last save failed; null if it did not.</summary>
    public string? Trouble => _trouble;

    /// <summary>Whether the record is up to date with the data.</summary>
    public bool IsDataRecorded => !_isDirty && _saving.IsCompleted && parts.Memory.IsClean;

    /// <summary>Begins a run: the first interval starts now.</summary>
    public void Begin(Timestamp now) => _last = now;

    /// <summary>Marks that the data has changed: a piece was verified, for example.</summary>
    public void MarkDirty() => _isDirty = true;

    /// <summary>Marks that something else has changed: payload was sent, for example. It is recorded without a flush.</summary>
    public void MarkNews() => _hasNews = true;

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
        Bitfield have = parts.Machine.Have.Clone();
        Func<Persistence.TorrentRecord, Persistence.TorrentRecord> stamp = Stamp(now);
        CancellationToken givenUp = patience.Token;
        return _saving = RunAsync(_saving, () => parts.Memory.SaveAsync(parts.Store!, have, stamp, clean, givenUp), have.Count);
    }

    /// <summary>Saves everything that does not concern the data, if it is not recorded already; after any save in progress.</summary>
    public Task<bool> NoteAsync(Timestamp now)
    {
        Func<Persistence.TorrentRecord, Persistence.TorrentRecord> stamp = Stamp(now);
        CancellationToken givenUp = patience.Token;
        return _saving = RunAsync(_saving, NoteAsync, null);

        async Task<string?> NoteAsync()
        {
            await parts.Memory.NoteAsync(stamp, givenUp).ConfigureAwait(false);
            return null;
        }
    }

    // Everything wanted is there and no check is pending, so nothing will be written either.
    private bool IsAtRest => parts.Machine.Phase.IsComplete && !parts.Machine.IsCheckUnfinished;

    private Func<Persistence.TorrentRecord, Persistence.TorrentRecord> Stamp(Timestamp now)
    {
        _last = now;
        _hasNews = false;
        return parts.History.Stamp(torrent.Options, parts.Machine.Snapshot(now));
    }

    private async Task<bool> RunAsync(Task<bool> before, Func<Task<string?>> save, int? pieces)
    {
        // Whatever became of the save before, this one is another.
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        string? trouble;
        try
        {
            trouble = await save().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The code that gave up on the disk has warned already.
            TryAgain(isData: pieces is not null);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The state folder's disk is full, say. What was recorded before stands; the next checkpoint tries again.
            trouble = $"{e.Message.TrimEnd('.')}. {StateTrouble.WhatToDo}";
        }

        if (trouble is not null)
            TryAgain(isData: pieces is not null);
        else if (pieces is { } count)
            Log.CheckpointWritten(services.Logger, torrent.Name, count);
        Report(trouble);
        return trouble is null;
    }

    // Warns once, and not every half minute while the trouble lasts.
    private void Report(string? trouble)
    {
        if (trouble is not null && trouble != _trouble)
        {
            string message = $"What was downloaded cannot be recorded, and would be checked after a crash: {trouble}";
            Log.Warning(services.Logger, torrent.Name, message);
            services.Events.Publish(new SessionEvent.Warning(torrent, message));
        }

        _trouble = trouble;
    }

    private void TryAgain(bool isData)
    {
        if (isData)
            _isDirty = true;
        else
            _hasNews = true;
        onFailed();
    }
}

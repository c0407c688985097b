using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Diagnostics;

namespace Freshet.Running;

/// <summary>
/// Says when what was verified is to be recorded: every so often while there is something new, and at the end of a run. Owned by the
/// torrent's loop; at most one save is under way, and the next begins after it.
/// </summary>
/// <param name="services">The session's.</param>
/// <param name="memory">Where it is recorded.</param>
/// <param name="store">The data that is vouched for.</param>
/// <param name="torrent">The torrent, for the log and for who is told.</param>
/// <param name="onFailed">Called on any thread when a save did not come about, so that the loop asks <see cref="NextDue"/> anew.</param>
internal sealed class Checkpoints(SessionServices services, TorrentMemory memory, TorrentStore store, Torrent torrent, Action onFailed)
{
    private Timestamp _last;
    private volatile bool _isDirty;
    private Task<bool> _saving = Task.FromResult(true);
    private string? _trouble;

    /// <summary>When <see cref="Tick"/> will save, if it is called then.</summary>
    public Timestamp NextDue => _isDirty ? _last + services.Options.CheckpointInterval : Timestamp.Never;

    /// <summary>A run begins: the first interval counts from now.</summary>
    public void Begin(Timestamp now) => _last = now;

    /// <summary>A piece was verified, or something else is worth recording.</summary>
    public void MarkDirty() => _isDirty = true;

    /// <summary>Saves if it is time.</summary>
    public void Tick(TorrentMachine machine, Timestamp now)
    {
        if (_isDirty && _saving.IsCompleted && now - _last >= services.Options.CheckpointInterval)
            _ = SaveAsync(machine, now, clean: false);
    }

    /// <summary>Saves now, after the save under way.</summary>
    public Task<bool> SaveAsync(TorrentMachine machine, Timestamp now, bool clean)
    {
        _last = now;
        _isDirty = false;
        TorrentStatus status = machine.Snapshot(now);
        _saving = SaveAsync(_saving, machine.Have.Clone(), (status.Downloaded.Bytes, status.Uploaded.Bytes), clean);
        return _saving;
    }

    private async Task<bool> SaveAsync(Task<bool> before, Bitfield have, (long Downloaded, long Uploaded) totals, bool clean)
    {
        await before.ConfigureAwait(false);
        string? trouble;
        try
        {
            trouble = await memory.SaveAsync(store, have, totals, clean).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The state folder's disk is full, say. What was recorded before stands; the next checkpoint tries again.
            trouble = e.Message;
        }

        if (trouble is null)
            Log.CheckpointWritten(services.Logger, torrent.Name, have.Count);
        else
            TryAgain();
        Tell(trouble);
        return trouble is null;
    }

    // Once, and not every half minute while it lasts.
    private void Tell(string? trouble)
    {
        if (trouble is not null && trouble != _trouble)
        {
            string message = $"What was downloaded cannot be recorded, and would be checked after a crash: {trouble}";
            Log.Warning(services.Logger, torrent.Name, message);
            services.Events.Publish(new SessionEvent.Warning(torrent, message));
        }

        _trouble = trouble;
    }

    private void TryAgain()
    {
        _isDirty = true;
        onFailed();
    }
}

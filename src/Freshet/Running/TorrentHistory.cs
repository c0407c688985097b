using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// What a torrent has done in all its runs, and what it is doing as far as the next start must know. Owned by the torrent's loop; its times
/// are measured by the <see cref="SessionClock"/>.
/// </summary>
internal sealed class TorrentHistory
{
    private readonly SessionClock _clock;
    private readonly TimeProvider _time;
    private readonly InfoHash _infoHash;
    private TorrentTotals _totals;
    private TimeSpan _since;

    /// <param name="clock">Measures its times.</param>
    /// <param name="time">Says what time it is when it is complete.</param>
    /// <param name="record">The torrent's record.</param>
    /// <param name="isRestored">Whether the torrent has been active ever since, as far as the session's clock has advanced.</param>
    public TorrentHistory(SessionClock clock, TimeProvider time, TorrentRecord record, bool isRestored)
    {
        _clock = clock;
        _time = time;
        _infoHash = record.InfoHash;
        _totals = record.Totals;
        CompletedAt = record.CompletedAt;
        Run = record.Run;
        _since = isRestored && record.Clock < clock.Now ? record.Clock : clock.Now;
    }

    /// <summary>What it is doing.</summary>
    public RunState Run { get; private set; }

    /// <summary>When everything wanted was first complete.</summary>
    public DateTimeOffset? CompletedAt { get; private set; }

    /// <summary>Adds up the last run, before the machine starts counting from zero.</summary>
    public void OnStarting(TorrentStatus status)
    {
        TimeSpan now = _clock.Now;
        _totals = TotalsAt(status, now);
        _since = now;
    }

    /// <summary>The torrent changes to another run state.</summary>
    public void Enter(RunState run)
    {
        if (run == Run)
            return;
        TimeSpan now = _clock.Now;
        _totals = WithTimes(_totals, now);
        _since = now;
        Run = run;
    }

    /// <summary>The torrent enters another phase; some phases do not change the run state.</summary>
    public void Enter(TorrentPhase phase)
    {
        if (RunStateOf(phase) is { } run)
            Enter(run);
    }

    /// <summary>Everything wanted is complete.</summary>
    public void OnCompleted() => CompletedAt ??= _time.GetUtcNow();

    /// <summary>Takes a snapshot for readers.</summary>
    /// <param name="machine">The torrent's machine.</param>
    /// <param name="when">The current time.</param>
    public TorrentSnapshot Snapshot(TorrentMachine machine, Timestamp when)
    {
        TimeSpan now = _clock.Now;
        TorrentStatus status = machine.Snapshot(when);

        // A hybrid torrent keeps the hash by which it was added, even if the other one would come first once both are known.
        if (status.InfoHash != _infoHash)
            status = status with { InfoHash = _infoHash };
        return new TorrentSnapshot(status, TotalsAt(status, now), Run, now)
        {
            Have = machine.Have.Clone(),
            Peers = machine.Peers(when),
            WebSeeds = machine.WebSeeds(when),
            Trackers = machine.Trackers(when),
            Dht = machine.Dht(when),
        };
    }

    /// <summary>Whether a record is up to date, apart from times, which follow from the session's clock.</summary>
    public bool IsIn(TorrentRecord record, TorrentStatus status) =>
        record.Run == Run && record.CompletedAt?.ToUnixTimeSeconds() == CompletedAt?.ToUnixTimeSeconds()
        && record.Totals.Downloaded.Bytes == _totals.Downloaded.Bytes + status.Downloaded.Bytes
        && record.Totals.Uploaded.Bytes == _totals.Uploaded.Bytes + status.Uploaded.Bytes;

    /// <summary>Updates a record to the current state.</summary>
    public Func<TorrentRecord, TorrentRecord> Stamp(TorrentOptions options, TorrentStatus status)
    {
        TimeSpan clock = _clock.Now;
        TorrentTotals totals = TotalsAt(status, clock);
        (RunState run, DateTimeOffset? completed) = (Run, CompletedAt);
        return record => record with
        {
            Options = options,
            Run = run,
            CompletedAt = completed,
            SeedLimit = run == RunState.Stopped ? record.SeedLimit : null,
            Totals = totals,
            Clock = clock,
        };
    }

    private static RunState? RunStateOf(TorrentPhase phase) => phase switch
    {
        TorrentPhase.Seeding => RunState.Seeding,
        TorrentPhase.Failed => RunState.Failed,
        TorrentPhase.Queued => RunState.Queued,
        TorrentPhase.FetchingMetadata or TorrentPhase.Downloading or TorrentPhase.WaitingForDisk => RunState.Running,
        _ => null,
    };

    private TorrentTotals TotalsAt(TorrentStatus status, TimeSpan clock) => WithTimes(_totals, clock) with
    {
        Downloaded = new ByteSize(_totals.Downloaded.Bytes + status.Downloaded.Bytes),
        Uploaded = new ByteSize(_totals.Uploaded.Bytes + status.Uploaded.Bytes),
    };

    private TorrentTotals WithTimes(TorrentTotals totals, TimeSpan clock) => TorrentSnapshot.WithTimes(totals, Run, clock - _since);
}

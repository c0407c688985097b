using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// What a torrent has done in all its runs, and what it is doing as far as the next start must know. Owned by the torrent's loop; what it
/// says of times is reckoned by the <see cref="SessionClock"/>.
/// </summary>
internal sealed class TorrentHistory
{
    private readonly SessionServices _services;
    private readonly InfoHash _infoHash;
    private TorrentTotals _totals;
    private TimeSpan _since;

    /// <param name="services">The session's.</param>
    /// <param name="record">What was recorded.</param>
    /// <param name="isRestored">Whether the torrent has been at work all the time that the session's clock has gone since.</param>
    public TorrentHistory(SessionServices services, TorrentRecord record, bool isRestored)
    {
        _services = services;
        _infoHash = record.InfoHash;
        _totals = record.Totals;
        CompletedAt = record.CompletedAt;
        Run = record.Run;
        _since = isRestored && record.Clock < services.Clock.Now ? record.Clock : services.Clock.Now;
    }

    /// <summary>What it is doing.</summary>
    public RunState Run { get; private set; }

    /// <summary>When all that was wanted was there for the first time.</summary>
    public DateTimeOffset? CompletedAt { get; private set; }

    /// <summary>Adds up the run that was, before the machine begins to count anew.</summary>
    public void OnStarting(TorrentStatus status)
    {
        TimeSpan now = _services.Clock.Now;
        _totals = TotalsAt(status, now);
        _since = now;
    }

    /// <summary>The torrent does something else from now on.</summary>
    public void Enter(RunState run)
    {
        if (run == Run)
            return;
        TimeSpan now = _services.Clock.Now;
        _totals = WithTimes(_totals, now);
        _since = now;
        Run = run;
    }

    /// <summary>The torrent is in another phase; some are only a part of what it does.</summary>
    public void Enter(TorrentPhase phase)
    {
        if (RunStateOf(phase) is { } run)
            Enter(run);
    }

    /// <summary>All that was wanted is there.</summary>
    public void OnCompleted() => CompletedAt ??= _services.Time.GetUtcNow();

    /// <summary>How it stands, for whoever reads.</summary>
    /// <param name="machine">The torrent's.</param>
    /// <param name="when">The present.</param>
    public TorrentSnapshot Snapshot(TorrentMachine machine, Timestamp when)
    {
        TimeSpan now = _services.Clock.Now;
        TorrentStatus status = machine.Snapshot(when);

        // A torrent that was added by one of two hashes goes by that one, though the other may come first once both are known.
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

    /// <summary>Whether a record says the same, times left out: they follow from the session's clock.</summary>
    public bool IsIn(TorrentRecord record, TorrentStatus status) =>
        record.Run == Run && record.CompletedAt?.ToUnixTimeSeconds() == CompletedAt?.ToUnixTimeSeconds()
        && record.Totals.Downloaded.Bytes == _totals.Downloaded.Bytes + status.Downloaded.Bytes
        && record.Totals.Uploaded.Bytes == _totals.Uploaded.Bytes + status.Uploaded.Bytes;

    /// <summary>What to put into a record, as it stands now.</summary>
    public Func<TorrentRecord, TorrentRecord> Stamp(TorrentOptions options, TorrentStatus status)
    {
        TimeSpan clock = _services.Clock.Now;
        TorrentTotals totals = TotalsAt(status, clock);
        (RunState run, DateTimeOffset? completed) = (Run, CompletedAt);
        return record => record with { Options = options, Run = run, CompletedAt = completed, Totals = totals, Clock = clock };
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

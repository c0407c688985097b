using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>The last snapshot of a torrent, and when the next is due. Written on the torrent's loop, read on any thread.</summary>
/// <param name="machine">The torrent's machine.</param>
/// <param name="history">The torrent's history.</param>
/// <param name="begin">The current time.</param>
internal sealed class StatusBoard(TorrentMachine machine, TorrentHistory history, Timestamp begin)
{
    // People cannot follow more of them, and each costs some objects and strings.
    private static readonly TimeSpan BetweenSnapshots = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WhileFlowing = TimeSpan.FromSeconds(1);

    private TorrentSnapshot _snapshot = history.Snapshot(machine, begin);
    private Timestamp _published;

    public TorrentSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>
    /// The status of the last snapshot, with what is known of the session since; the same instance as long as nothing has changed.
    /// </summary>
    public TorrentStatus StatusWith(bool? isReachable)
    {
        TorrentSnapshot last = Snapshot;
        if (last.Status.IsReachable == isReachable)
            return last.Status;

        // A newer one stays, and differs from this soon enough.
        TorrentSnapshot changed = last with { Status = last.Status with { IsReachable = isReachable } };
        Interlocked.CompareExchange(ref _snapshot, changed, last);
        return changed.Status;
    }

    public void Publish(Timestamp now)
    {
        _published = now;
        Volatile.Write(ref _snapshot, history.Snapshot(machine, now));
    }

    /// <summary>Takes a snapshot, unless the last is too recent.</summary>
    public void Tick(Timestamp now)
    {
        if (now - _published >= BetweenSnapshots)
            Publish(now);
    }

    /// <summary>
    /// When the next snapshot is due: soon if this tick skipped one because the last was too recent, or while the displayed rates decay by
    /// themselves.
    /// </summary>
    public Timestamp NextDue(Timestamp now)
    {
        if (_published != now)
            return _published + BetweenSnapshots;
        bool flows = _snapshot.Status.DownloadRate.BytesPerSecond > 0 || _snapshot.Status.UploadRate.BytesPerSecond > 0;
        return flows ? now + WhileFlowing : Timestamp.Never;
    }
}

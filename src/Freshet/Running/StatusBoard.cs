using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// The last snapshot of a torrent, for whoever asks, and when it is to be made anew. Written on the torrent's loop, read on any thread.
/// </summary>
/// <param name="machine">The torrent's.</param>
/// <param name="history">The torrent's.</param>
/// <param name="begin">The present.</param>
internal sealed class StatusBoard(TorrentMachine machine, TorrentHistory history, Timestamp begin)
{
    // People see no more of them, and each costs some objects and sentences.
    private static readonly TimeSpan BetweenSnapshots = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WhileFlowing = TimeSpan.FromSeconds(1);

    private TorrentSnapshot _snapshot = history.Snapshot(machine, begin);
    private Timestamp _published;

    public TorrentSnapshot Snapshot => Volatile.Read(ref _snapshot);

    public void Publish(Timestamp now)
    {
        _published = now;
        Volatile.Write(ref _snapshot, history.Snapshot(machine, now));
    }

    /// <summary>Makes a snapshot, unless the last is too new.</summary>
    public void Tick(Timestamp now)
    {
        if (now - _published >= BetweenSnapshots)
            Publish(now);
    }

    /// <summary>
    /// A snapshot is due if this tick made none, since another was too new, and while the rates it shows fall by themselves.
    /// </summary>
    public Timestamp NextDue(Timestamp now)
    {
        if (_published != now)
            return _published + BetweenSnapshots;
        bool flows = _snapshot.Status.DownloadRate.BytesPerSecond > 0 || _snapshot.Status.UploadRate.BytesPerSecond > 0;
        return flows ? now + WhileFlowing : Timestamp.Never;
    }
}

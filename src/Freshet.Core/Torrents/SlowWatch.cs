using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Whether the torrent counts as slow. This changes only after the rate has been on the other side of the threshold for the whole time that
/// the rule says, so that a hiccup does not start and stop other torrents.
/// </summary>
internal sealed class SlowWatch(TorrentContext torrent)
{
    private Activity _activity;
    private Timestamp _otherwiseSince = Timestamp.Never;

    /// <summary>Whether the torrent is active and has been too slow for long enough.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>See <see cref="TorrentMachine.NextDue"/>.</summary>
    public Timestamp NextDue => torrent.Settings.Slow is { } rule && _activity != Activity.None && _otherwiseSince != Timestamp.Never
        ? _otherwiseSince + rule.For
        : Timestamp.Never;

    public void Tick(Timestamp now)
    {
        Activity activity = torrent.Phase switch
        {
            TorrentPhase.FetchingMetadata or TorrentPhase.Downloading => Activity.Download,
            TorrentPhase.Seeding => Activity.Seed,
            _ => Activity.None,
        };
        if (activity != _activity || torrent.Settings.Slow is not { } rule)
        {
            _activity = activity;
            _otherwiseSince = torrent.Settings.Slow is null ? Timestamp.Never : now;
            IsSlow = false;
            return;
        }

        if (activity == Activity.None)
            return;
        DataRate rate = (activity == Activity.Seed ? torrent.Upload : torrent.Download).RateAt(now);
        if (rate < rule.Below == IsSlow)
        {
            _otherwiseSince = Timestamp.Never;
        }
        else if (_otherwiseSince == Timestamp.Never)
        {
            _otherwiseSince = now;
        }
        else if (now - _otherwiseSince >= rule.For)
        {
            IsSlow = !IsSlow;
            _otherwiseSince = Timestamp.Never;
        }
    }
}

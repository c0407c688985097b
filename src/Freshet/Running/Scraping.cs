using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Discovery;
using Freshet.Loops;

namespace Freshet.Running;

/// <summary>
/// Scrapes the trackers of a session's torrents that are at rest, so that these have current counts too; running torrents learn them from
/// their announces. <see cref="ScrapeGathering"/> decides; a lock guards it, since answers arrive on any thread.
/// </summary>
internal sealed class Scraping(SessionServices services)
{
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenTurns = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ScrapeGathering _gathering = new(SessionServices.NewRandom());
    private readonly List<ScrapeBatch> _due = [];
    private Timestamp _nextRound;
    private Timestamp _nextTurn;

    /// <summary>Called by the heartbeat alone.</summary>
    public void Tick(Timestamp now)
    {
        if (now < _nextTurn || services.Network.OwnBinding.Trouble is not null)
            return;
        _nextTurn = now + BetweenTurns;
        lock (_lock)
        {
            if (now >= _nextRound)
            {
                _nextRound = now + BetweenRounds;
                LookAround(now);
            }

            _gathering.Take(now, _due);
        }

        foreach (ScrapeBatch batch in _due)
            _ = ScrapeAsync(batch);
        _due.Clear();
    }

    private void LookAround(Timestamp now)
    {
        foreach (Torrent torrent in services.Torrents.All)
        {
            TorrentSnapshot snapshot = torrent.Actor.Snapshot;
            if (snapshot.Status.State is TorrentState.Stopped or TorrentState.Queued or TorrentState.Failed && snapshot.Trackers.Count > 0)
                _gathering.Rest(torrent.InfoHash, torrent.Actor.Identity.SwarmHashes, snapshot.Trackers, now);
        }

        _gathering.EndRound(now);
    }

    private async Task ScrapeAsync(ScrapeBatch batch)
    {
        TrackerOutcome<ScrapeResponse> outcome;
        try
        {
            outcome = await services.Network.Trackers.ScrapeAsync(
                batch.Tracker, batch.Swarms, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A batch that never ended would keep its place for good, of which there are few.
            services.FaultLog.Report("a scrape", e);
            outcome = new(null, e.Message);
        }

        Timestamp now = services.Time.Now();
        lock (_lock)
            End(batch, outcome, now);
        if (outcome.Answer is not { FailureReason: null } response)
            return;
        foreach (RestingTorrent torrent in batch.Torrents)
        {
            if (torrent.CountsIn(response) is { } counts)
                services.Torrents.Find(torrent.Key)?.Actor.PostScraped(batch.Tracker, counts);
        }
    }

    private void End(ScrapeBatch batch, TrackerOutcome<ScrapeResponse> outcome, Timestamp now)
    {
        if (outcome.Answer is { FailureReason: null } response)
            _gathering.OnAnswered(batch, response, now);
        else if (outcome.HasAnswer || outcome.Fault == TrackerFault.Failed)
            _gathering.OnRefused(batch, now);
        else if (outcome.Fault == TrackerFault.PutOff)
            _gathering.OnPutOff(batch, now);
        else
            _gathering.OnUnreachable(batch, now);
    }
}

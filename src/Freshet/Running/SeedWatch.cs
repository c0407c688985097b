using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Ends a torrent that has reached its seed limit, once its completion was reported. Belongs to the torrent's loop; reads its last
/// snapshot.
/// </summary>
internal sealed class SeedWatch(SessionServices services, TorrentActor actor)
{
    private bool _isSeeding;
    private bool _hasEnded;
    private ByteSize _sent;
    private Timestamp _sentAt;

    /// <summary>The latest time for the next call of <see cref="Tick"/>.</summary>
    public Timestamp NextDue { get; private set; } = Timestamp.Never;

    public void Tick(Timestamp now)
    {
        NextDue = Timestamp.Never;
        TorrentSnapshot snapshot = actor.Snapshot;
        if (snapshot.Run != RunState.Seeding)
        {
            _isSeeding = _hasEnded = false;
            return;
        }

        if (!_isSeeding || snapshot.Status.Uploaded != _sent)
            (_isSeeding, _sent, _sentAt) = (true, snapshot.Status.Uploaded, now);
        SeedLimits limits = actor.Options.SeedLimits ?? services.Options.SeedLimits;
        if (_hasEnded || !limits.IsLimited || !actor.Completion.IsCompletedSuccessfully)
            return;
        SeedingFacts facts = FactsOf(snapshot, now - _sentAt);
        if (limits.Reached(facts) is { } reached)
        {
            _hasEnded = true;
            services.Events.Publish(new SessionEvent.SeedLimitReached(actor.Handle, reached, limits.Then));
            services.SeedEnds.End(actor, reached, limits.Then);
        }
        else if (limits.TimeLeft(facts) is { } left)
        {
            NextDue = now + left;
        }
    }

    private SeedingFacts FactsOf(TorrentSnapshot snapshot, TimeSpan idle)
    {
        TorrentTotals totals = snapshot.TotalsAt(services.Clock.Now);
        TorrentStatus status = snapshot.Status;
        long length = actor.Metainfo?.Layout.TotalLength ?? 0;
        long held = status.PiecesHave == status.PieceCount ? length : (long)((double)length * status.PiecesHave / status.PieceCount);
        return new SeedingFacts(totals.Uploaded.Bytes, totals.Downloaded.Bytes, held)
        {
            SeedTime = totals.SeedingTime,
            IdleTime = idle,
        };
    }
}

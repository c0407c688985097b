using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Torrents;

/// <summary>
/// Announces to the trackers and collects the peers that they return. Reports name trackers without the keys in their URLs.
/// </summary>
internal sealed class Announcing(TorrentContext torrent, Connecting connecting)
{
    // With fewer connected and known peers than this, trackers are asked before the interval is over.
    private const int FewPeers = 10;

    private readonly AnnounceSchedule _schedule = new(
        TrackersOf(torrent),
        torrent.Identity.SwarmHashes,
        torrent.Options.AnnounceFamilies,
        torrent.Options.AnnounceScope,
        torrent.Random);

    private readonly List<DueAnnounce> _due = [];

    private ImmutableArray<ImmutableArray<string>> _trackers = TrackersOf(torrent);

    // The tracker that answered last, from which the peers of a private torrent come.
    private string? _host;

    // Whether there may be peers from another tracker, since the torrent was not known to be private.
    private bool _isMixed;

    // The totals of this run at our first announce to the trackers: BEP 3 counts from `started` on.
    private (long Uploaded, long Downloaded, long Corrupt) _before;

    /// <summary>Whether every tracker that knew of us has been sent `stopped`, or cannot be reached.</summary>
    public bool HasLeft => _schedule.HasLeft;

    /// <summary>See <see cref="TorrentMachine.NextDue"/>.</summary>
    public Timestamp NextDue => _schedule.NextDue;

    public IReadOnlyList<TrackerStatus> Statuses(Timestamp now) => _schedule.Statuses(now);

    public void Start(Timestamp now)
    {
        _before = (torrent.Upload.Total, torrent.Download.Total, torrent.Corrupt);
        _schedule.Start(now);
        Poll(now);
    }

    public void Stop(Timestamp now)
    {
        _schedule.Stop(now);
        Poll(now);
    }

    /// <summary>
    /// The settings may name other trackers. A private torrent that loses the tracker its peers come from disconnects those peers (BEP 27).
    /// </summary>
    public void OnSettings(Timestamp now)
    {
        ImmutableArray<ImmutableArray<string>> trackers = TrackersOf(torrent);
        if (trackers.SequenceEqual(_trackers, TierComparer.Instance))
            return;
        _trackers = trackers;
        _schedule.Replace(trackers, now);
        if (_host is not null && !trackers.Any(tier => tier.Any(tracker => HostOf(tracker) == _host)))
        {
            LeaveHost(now);
            _host = null;
        }

        Poll(now);
    }

    /// <summary>
    /// The metadata says that the torrent is private. If several trackers have answered by now, nobody knows any more which of them named
    /// a peer, and the tracker is asked for peers again.
    /// </summary>
    public void OnPrivate(Timestamp now)
    {
        if (_isMixed && KeepsToOneTracker)
            connecting.LeaveTracker(now);
        _isMixed = false;
    }

    /// <summary>Everything that was wanted is complete.</summary>
    public void OnFinished(Timestamp now)
    {
        if (torrent.Ledger.Have.IsFull)
            _schedule.Complete();
        Poll(now);
    }

    /// <summary>A user asks for an announce now.</summary>
    public void Reannounce(Timestamp now)
    {
        _schedule.Reannounce();
        Poll(now);
    }

    /// <summary>Peers reach us at another port than the one that was announced.</summary>
    public void OnPortChanged() => _schedule.Renew();

    public void OnAnnounced(AnnounceTarget target, AnnounceResponse response, Timestamp now)
    {
        if (!_schedule.OnResponse(target, response, now))
            return;
        if (response.FailureReason is not null)
        {
            ReportFailureOf(target.Tracker);
            return;
        }

        // The user has removed the tracker meanwhile, so its peers are of no interest.
        if (!_schedule.Has(target.Tracker))
            return;
        torrent.SeedsAnnounced = response.Seeders ?? 0;
        string tracker = TrackerUrl.Mask(target.Tracker);
        torrent.Effects.Report(new TorrentFact.Announced(tracker, response.Peers.Count));
        if (response.Warning is { } warning)
            torrent.Effects.Report(new TorrentFact.Warning($"{tracker} warns: {warning}"));
        List<IPEndPoint> endPoints = new(response.Peers.Count);
        foreach (AnnouncedPeer peer in response.Peers)
        {
            // Trackers return our own address too; where they include peer ids, we need not dial ourselves to find out.
            if (peer.PeerId != torrent.Options.PeerId)
                endPoints.Add(peer.EndPoint);
        }

        OnAnsweredBy(target.Tracker, now);
        connecting.OnPeersFound(endPoints, PeerSource.Tracker, now, TrackerVoter.Of(target.Tracker));
    }

    public void OnFailed(AnnounceTarget target, string reason, Timestamp now)
    {
        if (_schedule.OnFailure(target, reason, now))
            ReportFailureOf(target.Tracker);
    }

    public void OnSkipped(AnnounceTarget target, Timestamp now)
    {
        if (_schedule.OnSkipped(target, now))
            ReportFailureOf(target.Tracker);
    }

    public void OnPutOff(AnnounceTarget target, Timestamp now) => _schedule.OnPutOff(target, now);

    public void OnScraped(string tracker, ScrapedSwarm counts, Timestamp now) => _schedule.OnScraped(tracker, counts, now);

    public void Tick(Timestamp now)
    {
        if (torrent.Phase is TorrentPhase.Downloading or TorrentPhase.FetchingMetadata
            && torrent.Peers.Count + torrent.Book.IdleCount < FewPeers)
            _schedule.WantPeers();
        if (now >= _schedule.NextDue)
            Poll(now);
    }

    // Peers from different trackers of a private torrent are not mixed (BEP 27), unless the user asks for several trackers at once.
    private bool KeepsToOneTracker => torrent.Options.AnnounceScope == AnnounceScope.FirstThatAnswers;

    private void OnAnsweredBy(string tracker, Timestamp now)
    {
        string host = HostOf(tracker);
        if (_host is not null && host != _host)
            LeaveHost(now);
        _host = host;
    }

    // A magnet's torrent may still turn out to be private.
    private void LeaveHost(Timestamp now)
    {
        if (torrent.Identity.IsPrivate is not { } isPrivate)
            _isMixed = true;
        else if (isPrivate && KeepsToOneTracker)
            connecting.LeaveTracker(now);
    }

    private static string HostOf(string tracker) => Uri.TryCreate(tracker, UriKind.Absolute, out Uri? url) ? url.IdnHost : tracker;

    private static ImmutableArray<ImmutableArray<string>> TrackersOf(TorrentContext torrent) =>
        torrent.Settings.Trackers ?? torrent.Identity.Trackers;

    // A tracker that answers over one address family, or for one swarm, counts as working.
    private void ReportFailureOf(string tracker)
    {
        if (_schedule.FailureOf(tracker) is { } reason)
            torrent.Effects.Report(new TorrentFact.AnnounceFailed(TrackerUrl.Mask(tracker), reason));
    }

    private void Poll(Timestamp now)
    {
        _schedule.IsPartialSeed = torrent.HasContent && torrent.Ledger.IsFinished && !torrent.Ledger.Have.IsFull;
        _due.Clear();
        _schedule.Poll(now, _due);
        foreach (DueAnnounce due in _due)
            torrent.Effects.Announce(due.Target.Tracker, RequestOf(due));
    }

    // Until the metadata is known, nobody knows how much is left; it must not be 0, which would make us a seed.
    private AnnounceRequest RequestOf(DueAnnounce due) => new()
    {
        InfoHash = due.Target.Swarm,
        PeerId = torrent.Options.PeerId,
        Port = torrent.Options.ListenPort,
        Uploaded = torrent.Upload.Total - _before.Uploaded,
        Downloaded = torrent.Download.Total - _before.Downloaded,
        Left = torrent.HasContent ? BytesMissing(torrent.Ledger) : Limits.BlockLength,
        Corrupt = torrent.Corrupt - _before.Corrupt,
        Event = due.Event,
        Key = torrent.Options.AnnounceKey,
        TrackerId = due.TrackerId,
        Family = due.Target.Family,
        NumWant = due.Event == AnnounceEvent.Stopped || !connecting.HasRoom ? 0 : 50,
    };

    // Counts all pieces, wanted or not: to others a partial seed is not a seed (BEP 21).
    private static long BytesMissing(PieceLedger ledger)
    {
        if (ledger.Have.Count + ledger.Missing.Count == ledger.Layout.PieceCount)
            return ledger.WantedBytesLeft;
        long missing = 0;
        for (int piece = 0; piece < ledger.Layout.PieceCount; piece++)
        {
            if (!ledger.Have[new PieceIndex(piece)])
                missing += ledger.Layout.LengthOf(new PieceIndex(piece));
        }

        return missing;
    }
}

using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>Creates the public snapshot of a torrent.</summary>
internal static class StatusReport
{
    public static TorrentStatus Of(TorrentContext torrent, IStatusParts parts, Timestamp now)
    {
        PieceLedger ledger = torrent.Ledger;
        DataRate download = torrent.Download.RateAt(now);
        Census census = Census.Of(torrent, parts.WebSeeding, now);
        Why why = Explanation.Of(torrent, parts, census, now);
        Spread? spread = torrent.HasContent ? torrent.Availability.SpreadOf(ledger.Have, ledger.Missing) : null;
        return new TorrentStatus
        {
            InfoHash = torrent.Identity.SwarmHash,
            Name = torrent.Identity.Name ?? torrent.Identity.SwarmHash.ToString(),
            State = torrent.Phase.State,
            Reason = torrent.Phase.Words,
            ReasonCode = torrent.Phase.Code,
            Why = why.Words,
            WhyCode = why.Code,
            WhyNumbers = NumbersOf(torrent, parts, census, why.Code),
            QueuedBehind = PlaceOf(torrent) is { Behind: >= 0 and int behind } ? behind : null,
            Progress = ProgressOf(torrent),
            PiecesHave = ledger.Have.Count,
            PieceCount = torrent.Layout.PieceCount,
            Left = new ByteSize(ledger.WantedBytesLeft),
            Downloaded = new ByteSize(torrent.Download.Total),
            Uploaded = new ByteSize(torrent.Upload.Total),
            Wasted = new ByteSize(torrent.Wasted),
            DownloadRate = download,
            UploadRate = torrent.Upload.RateAt(now),
            Peers = torrent.Peers.Count,
            Seeds = torrent.Peers.SeedCount,
            Availability = spread?.OfRarestMissing,
            DistributedCopies = spread?.Copies,
            WebSeeds = parts.WebSeeding.ActiveCount,
            KnownPeers = torrent.Book.IdleCount,
            Eta = torrent.IsFetching ? EtaOf(ledger.WantedBytesLeft - ledger.UnverifiedBytes, download) : null,
        };
    }

    /// <summary>The torrent's place in a queue; null if it does not wait.</summary>
    public static QueuePlace? PlaceOf(TorrentContext torrent) => torrent.Phase switch
    {
        TorrentPhase.Queued => torrent.Allotment.Waits,
        TorrentPhase.Checking when !torrent.Allotment.MayCheck => torrent.Allotment.WaitsForCheck,
        _ => null,
    };

    private static WhyNumbers NumbersOf(TorrentContext torrent, IStatusParts parts, in Census census, WhyCode code)
    {
        HeldByLimit? limit = code != WhyCode.OurLimit ? null
            : torrent.Phase is TorrentPhase.Seeding ? census.UploadLimit
            : census.DownloadLimit;
        return new WhyNumbers
        {
            InterestingPeers = census.Interesting,
            OpenPeers = census.Open,
            SendingPeers = census.Sending,
            SendingWebSeeds = census.SendingWebSeeds,
            ServedPeers = census.Served,
            WaitingAddresses = torrent.Book.ReadyCount,
            Limit = limit?.Rate,
            LimitScope = limit?.Scope,
            Unverified = new ByteSize(torrent.Ledger.UnverifiedBytes),
            HashFailures = torrent.FailedPieces,
            Metadata = torrent.Phase is TorrentPhase.FetchingMetadata ? parts.MetadataFetch.Progress : null,
        };
    }

    private static double ProgressOf(TorrentContext torrent)
    {
        if (torrent.Phase is TorrentPhase.Checking checking)
            return checking.Total == 0 ? 1 : (double)checking.Done / checking.Total;
        if (!torrent.HasContent)
            return 0;
        return torrent.WantedBytes == 0 ? 1 : 1 - ((double)torrent.Ledger.WantedBytesLeft / torrent.WantedBytes);
    }

    private static TimeSpan? EtaOf(long left, DataRate rate)
    {
        if (rate.BytesPerSecond <= 0)
            return null;
        double seconds = Math.Max(0, left) / (double)rate.BytesPerSecond;
        return seconds > TimeSpan.FromDays(3650).TotalSeconds ? null : TimeSpan.FromSeconds(seconds);
    }
}

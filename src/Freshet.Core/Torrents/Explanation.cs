using System.Globalization;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Torrents;

/// <summary>Says in one true sentence for people why a torrent is not faster, or what it is doing.</summary>
internal static class Explanation
{
    // This many consecutive failures are no accident.
    private const int ManyFailures = 2;

    // A run that has just begun has not been allotted anything yet.
    private static readonly TimeSpan Beginning = TimeSpan.FromSeconds(1);

    public static Why Of(TorrentContext torrent, IStatusParts parts, in Census census, Timestamp now) => torrent.Phase switch
    {
        TorrentPhase.Queued or TorrentPhase.Checking when StatusReport.PlaceOf(torrent) is { Behind: >= 0 } place =>
            new(WhyCode.Queued, OfQueue(place)),
        TorrentPhase.Queued => new(WhyCode.Queued, "Queued."),
        TorrentPhase.Checking checking =>
            new(WhyCode.Checking, $"Checking what is on disk: {Number(checking.Done)} of {Number(checking.Total)} pieces."),
        TorrentPhase.WaitingForDisk waiting => new(WhyCode.WaitingForDisk, $"Waiting for the disk: {waiting.Reason}"),
        TorrentPhase.Failed failed => new(WhyCode.Failed, failed.Reason),
        TorrentPhase.Seeding => OfSeeding(torrent, census),
        TorrentPhase.Downloading or TorrentPhase.FetchingMetadata when torrent.Peers.Count == 0 && parts.WebSeeding.ActiveCount == 0 =>
            OfNoPeers(torrent, parts, now),
        TorrentPhase.Downloading when !torrent.WriteRight.IsHeld =>
            new(WhyCode.WaitingForFiles, "Waiting until no other program or session writes the torrent's files."),
        TorrentPhase.Downloading => OfSources(torrent, parts, census),
        TorrentPhase.FetchingMetadata => new(WhyCode.MetadataMissing, OfMetadata(torrent.Peers.Count, parts.MetadataFetch.Progress)),
        _ => new(WhyCode.Stopped, "Stopped."),
    };

    private static string OfQueue(QueuePlace place)
    {
        string others = place.Behind == 1 ? "1 other" : $"{Number(place.Behind)} others";
        string about = place.Behind > QueuePlace.MostExact ? "about " : "";
        string where = place.Behind == 0 ? "Queued, and next" : $"Queued behind {about}{others}";
        return $"{where}: at most {Number(place.Most)} may {(place.Limit switch
        {
            QueueLimit.Downloads => "download",
            QueueLimit.Seeds => "seed",
            QueueLimit.Checks => "be checked",
            _ => "be active",
        })} at once.";
    }

    private static string OfMetadata(int peers, MetadataProgress metadata)
    {
        string missing = $"{Connected(peers)}; the torrent's metadata is still to come";
        return metadata.Peers == 0 ? missing + ", and none of them offers it yet."
            : metadata.PieceCount == 0 ? missing + "."
            : $"{missing}: {Number(metadata.Pieces)} of {Pieces(metadata.PieceCount)} of it, from {Peers(metadata.Peers)}.";
    }

    private static Why OfSeeding(TorrentContext torrent, in Census census) =>
        census.Served > 0
            ? census.UploadLimit is { } limit
                ? new Why(WhyCode.OurLimit, $"Complete; seeding to {Peers(census.Served)}, as fast as {Words(limit)} allows.")
                : new Why(WhyCode.Uploading, $"Complete; seeding to {Peers(census.Served)}.")
        : torrent.Peers.Count > 0
            ? new Why(WhyCode.NobodyRequests, $"Complete; {Peers(torrent.Peers.Count)} connected, none asks for anything.")
        : new Why(WhyCode.NobodyConnected, "Complete; nobody is connected.");

    private static Why OfNoPeers(TorrentContext torrent, IStatusParts parts, Timestamp now)
    {
        if (torrent.Book.DiallingCount > 0)
            return new Why(WhyCode.Connecting, $"Connecting to {Peers(torrent.Book.DiallingCount)}.");
        if (torrent.Book.ReadyCount > 0 && torrent.Allotment.Dials == 0)
        {
            return now - torrent.StartedAt < Beginning
                ? new Why(WhyCode.Connecting, $"About to connect to {Addresses(torrent.Book.ReadyCount)}.")
                : new Why(WhyCode.NoFreeConnection, $"No peers: {OfFullSession(torrent)}.");
        }

        if (torrent.Book.IdleCount > 0)
        {
            return new Why(
                WhyCode.PeersUnreachable, $"{Peers(torrent.Book.IdleCount)} could not be reached and will be tried again.");
        }

        TrackerStatus? failing = null;
        foreach (TrackerStatus tracker in parts.Announcing.Statuses(now))
        {
            if (tracker.State == TrackerState.Announcing)
                return new Why(WhyCode.AskingTracker, "Asking the tracker for peers.");
            if (tracker.State == TrackerState.Working && !parts.Dht.IsSearching)
                return OfWebSeeds(torrent, parts, now) ?? new Why(WhyCode.NoOtherPeers, "The tracker knows of no other peers.");
            if (tracker.State is TrackerState.Failing or TrackerState.GivenUp or TrackerState.Unsupported)
                failing ??= tracker;
        }

        if (parts.Dht.IsSearching)
            return new Why(WhyCode.AskingDht, "Asking the DHT for peers.");
        if (failing is null && parts.Dht.Status(now) is not null)
            return new Why(WhyCode.NoPeersKnown, "No peers are known yet; the DHT is asked again from time to time.");
        return failing is null
            ? OfNoTracker(torrent)
            : new Why(WhyCode.TrackerFailed, $"No peers: the tracker {failing.MaskedUrl} failed: {failing.Message}.");
    }

    // What is left when the tracker knows of no other peers: null if the torrent has no web seeds.
    private static Why? OfWebSeeds(TorrentContext torrent, IStatusParts parts, Timestamp now)
    {
        if (!torrent.HasContent || parts.WebSeeding.FailureAt(now) is not { } failure)
            return null;
        int count = torrent.Identity.WebSeeds.Length;
        string which = count == 1 ? "the web seed cannot" : $"none of the {Number(count)} web seeds can";
        return new Why(WhyCode.WebSeedsFailed, $"The tracker knows of no other peers, and {which} be used now: {failure}.");
    }

    private static Why OfNoTracker(TorrentContext torrent)
    {
        if (torrent.Identity.WebSeeds.Length > 0)
        {
            return torrent.HasContent
                ? new Why(WhyCode.WebSeedsFailed, "No peers are known, no tracker is named, and no web seed can be used now.")
                : new Why(WhyCode.NoPeersKnown, "No peers are known, and web seeds do not have the torrent's metadata.");
        }

        return torrent.Book.Bans.Count > 0
            ? new Why(WhyCode.AllBanned, "All peers that were known are banned, and the torrent has no tracker to ask.")
            : new Why(WhyCode.NoPeersKnown, "No peers are known, and the torrent has no tracker to ask.");
    }

    private static Why OfSources(TorrentContext torrent, IStatusParts parts, in Census census)
    {
        if (AllWaitForTheirHash(torrent.Ledger))
            return new Why(WhyCode.DiskBehind, "Waiting for the disk to write and check the last pieces.");
        if (torrent.FailedInARow >= ManyFailures)
        {
            return new Why(
                WhyCode.HashFailures,
                $"The last {Pieces(torrent.FailedInARow)} that came failed their hash; whoever sends bad data will be banned.");
        }

        if (census.Sending > 0 || census.SendingWebSeeds > 0)
            return OfSending(torrent, census);
        string connected = Connected(torrent.Peers.Count);
        int asked = parts.WebSeeding.ActiveCount;
        return asked > 0 && census.DownloadLimit is { } limit
                ? new Why(WhyCode.OurLimit, $"{WebSeeds(asked)} asked, as fast as {Words(limit)} allows; {connected}.")
            : asked > 0 ? new Why(WhyCode.Connecting, $"{WebSeeds(asked)} asked, nothing has come yet; {connected}.")
            : census.Interesting == 0 ? new Why(WhyCode.NobodyHasMissing, $"{connected}, but none has what is missing.")
            : census.Open == 0 ? new Why(WhyCode.AllChoke, $"{connected}, but those with what is missing choke us.")
            : new Why(WhyCode.NobodySends, $"{connected}, but those with what is missing send nothing.");
    }

    private static Why OfSending(TorrentContext torrent, in Census census)
    {
        string from = census.Sending > 0
            ? $"Downloading from {Number(census.Sending)} of {Peers(torrent.Peers.Count)}{And(census.SendingWebSeeds)}"
            : $"Downloading from {WebSeeds(census.SendingWebSeeds)}";
        return census.DownloadLimit is { } limit ? new Why(WhyCode.OurLimit, $"{from}, as fast as {Words(limit)} allows.")
            : census.IsDiskBehind
                ? new Why(
                    WhyCode.DiskBehind,
                    $"{from}, as fast as the disk writes: {new ByteSize(torrent.Ledger.UnverifiedBytes)} wait for it or are incomplete.")
            : AreMostShutOut(torrent)
                ? new Why(WhyCode.NoFreeConnection, $"{from}; {OfFullSession(torrent)}.")
            : new Why(WhyCode.Downloading, census.Sending > 0 ? from + "." : $"{from}; {Connected(torrent.Peers.Count)}.");
    }

    private static bool AreMostShutOut(TorrentContext torrent) =>
        torrent.Allotment.Dials == 0 && torrent.Book.DiallingCount == 0 && torrent.Book.ReadyCount > torrent.Peers.Count
        && torrent.Peers.Count < torrent.Settings.MaxPeers;

    private static string OfFullSession(TorrentContext torrent) =>
        $"the session has no connection free for {Addresses(torrent.Book.ReadyCount)}";

    private static string Words(HeldByLimit limit)
    {
        string rate = limit.Rate is { } known ? $" of {known}" : "";
        return $"our limit{rate} for {(limit.Scope switch
        {
            LimitScope.Session => "all torrents",
            LimitScope.LocalNetwork => "the local network",
            LimitScope.Torrent => "this torrent",
            _ => "each peer",
        })}";
    }

    private static bool AllWaitForTheirHash(PieceLedger ledger)
    {
        if (ledger.Started.Count < ledger.Missing.Count)
            return false;
        foreach (StartedPiece started in ledger.Started.All)
        {
            if (!started.IsComplete)
                return false;
        }

        return true;
    }

    private static string Peers(int count) => count == 1 ? "1 peer" : $"{Number(count)} peers";

    private static string Pieces(int count) => count == 1 ? "1 piece" : $"{Number(count)} pieces";

    private static string Addresses(int count) => count == 1 ? "1 known peer" : $"{Number(count)} known peers";

    private static string WebSeeds(int count) => count == 1 ? "1 web seed" : $"{Number(count)} web seeds";

    private static string And(int webSeeds) => webSeeds == 0 ? "" : " and " + WebSeeds(webSeeds);

    private static string Connected(int count) => count == 0 ? "no peer is connected"
        : count == 1 ? "1 peer is connected"
        : $"{Number(count)} peers are connected";

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

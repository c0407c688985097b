using System.Globalization;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Torrents;

/// <summary>Why a torrent is not faster, or what it is busy with: one true sentence for people.</summary>
internal static class Explanation
{
    // Whoever gave us something since then is downloaded from, whether just now it is asked for something or not.
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(5);

    public static Why Of(TorrentContext torrent, TorrentParts parts, Timestamp now) => torrent.Phase switch
    {
        TorrentPhase.Queued or TorrentPhase.Checking when StatusReport.PlaceOf(torrent) is { Behind: >= 0 } place =>
            new(WhyCode.Queued, OfQueue(place)),
        TorrentPhase.Queued => new(WhyCode.Queued, "Queued."),
        TorrentPhase.Checking checking =>
            new(WhyCode.Checking, $"Checking what is on disk: {Number(checking.Done)} of {Number(checking.Total)} pieces."),
        TorrentPhase.WaitingForDisk waiting => new(WhyCode.WaitingForDisk, $"Waiting for the disk: {waiting.Reason}"),
        TorrentPhase.Failed failed => new(WhyCode.Failed, failed.Reason),
        TorrentPhase.Seeding => OfSeeding(torrent),
        TorrentPhase.Downloading or TorrentPhase.FetchingMetadata when torrent.Peers.Count == 0 && parts.WebSeeding.ActiveCount == 0 =>
            OfNoPeers(torrent, parts, now),
        TorrentPhase.Downloading when !torrent.WriteRight.IsHeld =>
            new(WhyCode.WaitingForFiles, "Waiting for the right to write the torrent's files."),
        TorrentPhase.Downloading => OfSources(torrent, parts, now),
        TorrentPhase.FetchingMetadata =>
            new(WhyCode.MetadataMissing, $"{Connected(torrent.Peers.Count)}; the torrent's metadata is still to come."),
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

    private static Why OfSeeding(TorrentContext torrent)
    {
        int served = 0;
        foreach (Peer peer in torrent.Peers.All)
            served += peer.Uploads is { IsInterested: true, IsChoked: false } ? 1 : 0;
        return served > 0 ? new Why(WhyCode.Uploading, $"Complete; seeding to {Peers(served)}.")
            : torrent.Peers.Count > 0
                ? new Why(WhyCode.NobodyRequests, $"Complete; {Peers(torrent.Peers.Count)} connected, none asks for anything.")
            : new Why(WhyCode.NobodyConnected, "Complete; nobody is connected.");
    }

    private static Why OfNoPeers(TorrentContext torrent, TorrentParts parts, Timestamp now)
    {
        if (torrent.Book.DiallingCount > 0)
            return new Why(WhyCode.Connecting, $"Connecting to {Peers(torrent.Book.DiallingCount)}.");
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
                return new Why(WhyCode.NoOtherPeers, "The tracker knows of no other peers.");
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

    private static Why OfNoTracker(TorrentContext torrent)
    {
        if (torrent.Identity.WebSeeds.Length > 0)
        {
            return torrent.HasContent
                ? new Why(WhyCode.WebSeedsFailed, "No peers are known, no tracker is named, and no web seed can be used now.")
                : new Why(WhyCode.NoPeersKnown, "No peers are known, and web seeds do not have the torrent's metadata.");
        }

        return torrent.Book.Bans.Count > 0
            ? new Why(WhyCode.AllBanned, "All peers that were known are banned, and the torrent names no tracker.")
            : new Why(WhyCode.NoPeersKnown, "No peers are known, and the torrent names no tracker.");
    }

    private static Why OfSources(TorrentContext torrent, TorrentParts parts, Timestamp now)
    {
        int interesting = 0;
        int open = 0;
        int sending = 0;
        int giving = 0;
        foreach (Peer peer in torrent.Peers.All)
        {
            giving += peer.LastTaken > now - Lately ? 1 : 0;
            if (!peer.AmInterested)
                continue;
            interesting++;
            if (!peer.CanBeAsked)
                continue;
            open++;
            sending += peer.Requests.Count > 0 && !peer.Requests.IsSnubbed ? 1 : 0;
        }

        if (AllWaitForTheirHash(torrent.Ledger))
            return new Why(WhyCode.DiskBehind, "Waiting for the disk to write and check the last pieces.");
        int active = Math.Max(giving, sending);
        int webSeeds = parts.WebSeeding.CountGiving(now - Lately);
        string connected = Connected(torrent.Peers.Count);
        return active > 0
                ? new Why(WhyCode.Downloading, $"Downloading from {Number(active)} of {Peers(torrent.Peers.Count)}{And(webSeeds)}.")
            : webSeeds > 0 ? new Why(WhyCode.Downloading, $"Downloading from {WebSeeds(webSeeds)}; {connected}.")
            : parts.WebSeeding.ActiveCount > 0
                ? new Why(WhyCode.Connecting, $"{WebSeeds(parts.WebSeeding.ActiveCount)} asked, nothing has come yet; {connected}.")
            : interesting == 0 ? new Why(WhyCode.NobodyHasMissing, $"{connected}, but none has what is missing.")
            : open == 0 ? new Why(WhyCode.AllChoke, $"{connected}, but those with what is missing choke us.")
            : new Why(WhyCode.NobodySends, $"{connected}, but those with what is missing send nothing.");
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

    private static string WebSeeds(int count) => count == 1 ? "1 web seed" : $"{Number(count)} web seeds";

    private static string And(int webSeeds) => webSeeds == 0 ? "" : " and " + WebSeeds(webSeeds);

    private static string Connected(int count) => count == 0 ? "no peer is connected"
        : count == 1 ? "1 peer is connected"
        : $"{Number(count)} peers are connected";

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

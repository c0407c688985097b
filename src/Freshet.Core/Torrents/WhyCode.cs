namespace Freshet.Core.Torrents;

/// <summary>
/// Why a torrent is not faster, or what it is doing, as a code for programs; <see cref="TorrentStatus.Why"/> is the text.
/// </summary>
public enum WhyCode
{
    /// <summary>The torrent is stopped.</summary>
    Stopped,

    /// <summary>Existing data is being checked.</summary>
    Checking,

    /// <summary>The disk fails to write or read data; <see cref="TorrentStatus.ReasonCode"/> says why.</summary>
    WaitingForDisk,

    /// <summary>The torrent failed; <see cref="TorrentStatus.ReasonCode"/> says why.</summary>
    Failed,

    /// <summary>Peers are sending to us.</summary>
    Downloading,

    /// <summary>The torrent is complete and uploads to peers.</summary>
    Uploading,

    /// <summary>The torrent is complete, and no connected peer is both interested and unchoked.</summary>
    NobodyRequests,

    /// <summary>The torrent is complete, and no peer is connected.</summary>
    NobodyConnected,

    /// <summary>No peer is connected yet; some are being dialled.</summary>
    Connecting,

    /// <summary>None of the known peers could be reached; they will be tried again.</summary>
    PeersUnreachable,

    /// <summary>A tracker is being queried for peers.</summary>
    AskingTracker,

    /// <summary>The DHT is being searched for peers.</summary>
    AskingDht,

    /// <summary>The tracker responded that it knows no other peers.</summary>
    NoOtherPeers,

    /// <summary>No peers are known, and the tracker failed.</summary>
    TrackerFailed,

    /// <summary>No peers are known, and there is no tracker to query.</summary>
    NoPeersKnown,

    /// <summary>No peers can be found, and none of the torrent's web seeds is usable now.</summary>
    WebSeedsFailed,

    /// <summary>All known peers are banned.</summary>
    AllBanned,

    /// <summary>Waiting for the right to write the files, since another session may be writing them.</summary>
    WaitingForFiles,

    /// <summary>
    /// The disk has not yet written and verified what has arrived: every missing piece, or as much as memory holds, so that peers must
    /// wait.
    /// </summary>
    DiskBehind,

    /// <summary>No connected peer has any missing piece.</summary>
    NobodyHasMissing,

    /// <summary>All connected peers that have missing pieces choke us.</summary>
    AllChoke,

    /// <summary>Peers that have missing pieces do not choke us but send nothing.</summary>
    NobodySends,

    /// <summary>The connected peers have not sent the torrent's metadata yet.</summary>
    MetadataMissing,

    /// <summary>The torrent waits for others: the limit of active torrents, or of checks, is reached.</summary>
    Queued,

    /// <summary>Peers could send or receive more if not for our own rate limit.</summary>
    OurLimit,

    /// <summary>The most recent pieces failed their hash check.</summary>
    HashFailures,

    /// <summary>Peers are known, but the session has no free connection for them.</summary>
    NoFreeConnection,
}

namespace Freshet.Core.Torrents;

/// <summary>Why a torrent is not faster, or what it is busy with, for programs; <see cref="TorrentStatus.Why"/> has the words.</summary>
public enum WhyCode
{
    /// <summary>It is stopped.</summary>
    Stopped,

    /// <summary>What is on disk is being checked.</summary>
    Checking,

    /// <summary>The disk does not take or give data; <see cref="TorrentStatus.ReasonCode"/> says why.</summary>
    WaitingForDisk,

    /// <summary>It failed; <see cref="TorrentStatus.ReasonCode"/> says why.</summary>
    Failed,

    /// <summary>Peers send to us.</summary>
    Downloading,

    /// <summary>It is complete, and peers request of us.</summary>
    Uploading,

    /// <summary>It is complete, and no connected peer may request of us now.</summary>
    NobodyRequests,

    /// <summary>It is complete, and nobody is connected.</summary>
    NobodyConnected,

    /// <summary>No peer is connected yet, and some are being dialled.</summary>
    Connecting,

    /// <summary>No known peer could be reached; they will be tried again.</summary>
    PeersUnreachable,

    /// <summary>A tracker is being asked for peers.</summary>
    AskingTracker,

    /// <summary>The DHT is being asked for peers.</summary>
    AskingDht,

    /// <summary>The tracker answered, and knows of no other peers.</summary>
    NoOtherPeers,

    /// <summary>No peers are known, and the tracker failed.</summary>
    TrackerFailed,

    /// <summary>No peers are known, and there is no tracker to ask.</summary>
    NoPeersKnown,

    /// <summary>No peers are known, and none of the torrent's web seeds can be used now.</summary>
    WebSeedsFailed,

    /// <summary>All peers that were known are banned.</summary>
    AllBanned,

    /// <summary>Another session may be writing the files; the right to write them is waited for.</summary>
    WaitingForFiles,

    /// <summary>
    /// More has come than the disk has written and checked: every missing piece, or as much as memory holds, so that peers wait.
    /// </summary>
    DiskBehind,

    /// <summary>No connected peer has what is missing.</summary>
    NobodyHasMissing,

    /// <summary>All connected peers with what is missing choke us.</summary>
    AllChoke,

    /// <summary>Peers with what is missing do not choke us, and send nothing.</summary>
    NobodySends,

    /// <summary>The torrent's metadata is still to come from the connected peers.</summary>
    MetadataMissing,

    /// <summary>Others come first: as many are active, or being checked, as may be at once.</summary>
    Queued,

    /// <summary>Peers could send or take more, but for a rate limit of ours.</summary>
    OurLimit,

    /// <summary>The last pieces that came failed their hash.</summary>
    HashFailures,

    /// <summary>Peers are known, but the session has no connection free for them.</summary>
    NoFreeConnection,
}

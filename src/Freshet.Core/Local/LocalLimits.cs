namespace Freshet.Core.Local;

/// <summary>The bounds of local discovery (BEP 14).</summary>
internal static class LocalLimits
{
    /// <summary>Bytes of an announce of ours, and of the longest that is read: what every local network carries in one piece.</summary>
    public const int MaxLocalAnnounceLength = 1_400;

    /// <summary>Info-hashes of one announce: as many as fit.</summary>
    public const int MaxLocalHashes = 25;

    /// <summary>Seconds between two announces of a session.</summary>
    public const int LocalAnnounceSeconds = 60;

    /// <summary>Seconds between two announces of a torrent.</summary>
    public const int LocalTorrentSeconds = 300;

    /// <summary>Announces of others that are read in a second, all senders together.</summary>
    public const int MaxLocalAnnouncesPerSecond = 200;

    /// <summary>Announces of one sender that are read in a minute. Some clients send one for each torrent.</summary>
    public const int MaxLocalAnnouncesPerSender = 600;

    /// <summary>Senders that are told apart in a minute; the others are not heard.</summary>
    public const int MaxLocalSenders = 512;

    /// <summary>Local networks that are announced on, each family by itself.</summary>
    public const int MaxLocalNetworks = 64;

    /// <summary>
    /// Torrents that were left and whose turns are remembered, so that one that is stopped and started keeps to its pace.
    /// </summary>
    public const int MaxLocalLeft = 1_000;

    /// <summary>Errors in a row after which a socket is given up until the networks change.</summary>
    public const int MaxLocalReceiveErrors = 16;

    /// <summary>Peers of one torrent that are believed in a minute.</summary>
    public const int MaxLocalPeersPerTorrent = 64;
}

namespace Freshet.Core.Local;

/// <summary>Bounds of local discovery (BEP 14).</summary>
internal static class LocalLimits
{
    /// <summary>Bytes of our own announces and of the longest that is parsed: fits in one packet on every local network.</summary>
    public const int MaxLocalAnnounceLength = 1_400;

    /// <summary>Info-hashes in one announce: as many as fit.</summary>
    public const int MaxLocalHashes = 25;

    /// <summary>Seconds between two announces of a session.</summary>
    public const int LocalAnnounceSeconds = 60;

    /// <summary>Seconds between two announces of a torrent.</summary>
    public const int LocalTorrentSeconds = 300;

    /// <summary>Announces from all senders together that are parsed per second.</summary>
    public const int MaxLocalAnnouncesPerSecond = 200;

    /// <summary>Announces of one sender that are parsed per minute. Some clients send one for each torrent.</summary>
    public const int MaxLocalAnnouncesPerSender = 600;

    /// <summary>Senders that are tracked per minute; others are ignored.</summary>
    public const int MaxLocalSenders = 512;

    /// <summary>Local networks that are announced on, each address family counted separately.</summary>
    public const int MaxLocalNetworks = 64;

    /// <summary>
    /// Stopped torrents whose schedules are remembered, so that stopping and starting a torrent does not announce it more often.
    /// </summary>
    public const int MaxLocalLeft = 1_000;

    /// <summary>Consecutive errors after which a socket is abandoned until the networks change.</summary>
    public const int MaxLocalReceiveErrors = 16;

    /// <summary>Peers of one torrent that are accepted per minute.</summary>
    public const int MaxLocalPeersPerTorrent = 64;
}

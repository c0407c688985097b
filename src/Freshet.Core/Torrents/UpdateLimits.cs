namespace Freshet.Core.Torrents;

/// <summary>Bounds how fast peers are sent Have messages for pieces that existed before: nine bytes each, to all peers.</summary>
internal static class UpdateLimits
{
    /// <summary>Have messages to one peer at once: one second of them takes less than 0.1 MiB.</summary>
    public const int MaxHavesPerPeer = 1_024;

    /// <summary>Have messages to all peers of a torrent at once.</summary>
    public const int MaxHaves = 8_192;

    /// <summary>The time until more follow.</summary>
    public const int IntervalMilliseconds = 100;
}

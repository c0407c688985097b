namespace Freshet.Core.Torrents;

/// <summary>What bounds how fast peers are told of pieces that were there before they were told: nine bytes each, to all peers.</summary>
internal static class UpdateLimits
{
    /// <summary>Have messages to one peer at once: a second of them fits in a tenth of a MiB.</summary>
    public const int MaxHavesPerPeer = 1_024;

    /// <summary>Have messages to all peers of a torrent at once.</summary>
    public const int MaxHaves = 8_192;

    /// <summary>How soon more follow.</summary>
    public const int IntervalMilliseconds = 100;
}

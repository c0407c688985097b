namespace Freshet.Core.Torrents;

/// <summary>Which peers a seed uploads to. One slot rotates among all of them in any case.</summary>
public enum SeedChoking
{
    /// <summary>The peers that download fastest, since they can pass on the most. The default.</summary>
    FastestUpload,

    /// <summary>Each peer in turn, for as long as it takes to send it a few pieces.</summary>
    RoundRobin,

    /// <summary>
    /// Peers that have just begun or are nearly complete, before those halfway: this slows down peers that download without uploading.
    /// </summary>
    AntiLeech,
}

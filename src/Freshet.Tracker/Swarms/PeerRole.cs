namespace Freshet.Tracker.Swarms;

/// <summary>A peer's role in its swarm.</summary>
internal enum PeerRole : byte
{
    /// <summary>It lacks something and wants it.</summary>
    Downloader,

    /// <summary>It lacks something and does not want it (BEP 21).</summary>
    PartialSeed,

    /// <summary>It has everything.</summary>
    Seed,
}

namespace Freshet.Tracker.Swarms;

/// <summary>What a peer is in its swarm for.</summary>
internal enum PeerRole : byte
{
    /// <summary>It lacks something and wants it.</summary>
    Downloader,

    /// <summary>It lacks something and does not want it (BEP 21).</summary>
    PartialSeed,

    /// <summary>It has everything.</summary>
    Seed,
}

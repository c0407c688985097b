namespace Freshet.Core.Torrents;

/// <summary>The limit that ended the seeding of a torrent.</summary>
public enum SeedLimit
{
    /// <summary><see cref="SeedLimits.Ratio"/>.</summary>
    Ratio,

    /// <summary><see cref="SeedLimits.SeedTime"/>.</summary>
    SeedTime,

    /// <summary><see cref="SeedLimits.IdleTime"/>.</summary>
    IdleTime,
}

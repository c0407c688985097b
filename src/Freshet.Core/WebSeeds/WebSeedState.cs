namespace Freshet.Core.WebSeeds;

/// <summary>What a web seed is about.</summary>
public enum WebSeedState
{
    /// <summary>It is not asked now: nothing is missing, the torrent does not download, or enough others are asked.</summary>
    Idle,

    /// <summary>It is asked for what is missing.</summary>
    Active,

    /// <summary>It failed and is left alone for a while.</summary>
    Resting,

    /// <summary>It has nothing that can be used, or must not be asked; it is not asked again in this run.</summary>
    GivenUp,

    /// <summary>It sent data that failed its hash; nothing more is asked of its host in this run.</summary>
    Banned,

    /// <summary>Its URL is of a kind that is not supported.</summary>
    Unsupported,
}

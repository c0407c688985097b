namespace Freshet.Core.WebSeeds;

/// <summary>The state of a web seed.</summary>
public enum WebSeedState
{
    /// <summary>Not in use: nothing is missing, the torrent does not download, or enough other web seeds are in use.</summary>
    Idle,

    /// <summary>In use: missing blocks are requested from it.</summary>
    Active,

    /// <summary>Waiting after a failure.</summary>
    Resting,

    /// <summary>Its URL must not be used; it is not used again in this run.</summary>
    GivenUp,

    /// <summary>It sent data that failed its hash check; its host is not used again in this run.</summary>
    Banned,

    /// <summary>Its URL scheme is not supported.</summary>
    Unsupported,
}

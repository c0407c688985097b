namespace Freshet.Core.Rates;

/// <summary>What a rate limit applies to.</summary>
public enum LimitScope
{
    /// <summary>All traffic of the session.</summary>
    Session,

    /// <summary>The session's traffic with the local network.</summary>
    LocalNetwork,

    /// <summary>The traffic of one torrent.</summary>
    Torrent,

    /// <summary>One connection of a torrent.</summary>
    Peer,
}

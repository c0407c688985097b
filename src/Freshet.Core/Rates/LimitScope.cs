namespace Freshet.Core.Rates;

/// <summary>What a rate limit applies to.</summary>
public enum LimitScope
{
    /// <summary>Everything that the session exchanges.</summary>
    Session,

    /// <summary>What the session exchanges with the local network.</summary>
    LocalNetwork,

    /// <summary>A torrent.</summary>
    Torrent,

    /// <summary>A connection of a torrent.</summary>
    Peer,
}

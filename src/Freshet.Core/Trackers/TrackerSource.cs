namespace Freshet.Core.Trackers;

/// <summary>Where a tracker's URL comes from, which determines the addresses that requests may connect to.</summary>
public enum TrackerSource
{
    /// <summary>
    /// From a torrent or a magnet link, and so from a stranger. A public host name must have a public address, and a local tracker is only
    /// asked at a path like <c>/announce</c>, so that nobody can make us send requests to other programs on this machine or on a local
    /// network.
    /// </summary>
    Torrent,

    /// <summary>From the user. It may lead anywhere.</summary>
    User,
}

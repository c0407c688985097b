namespace Freshet.Core.Trackers;

/// <summary>Where a tracker's URL comes from, which decides where requests to it may go.</summary>
public enum TrackerSource
{
    /// <summary>
    /// From a torrent or a magnet link, so from a stranger. A public name must have a public address, and a local tracker is asked only at
    /// a path like <c>/announce</c>, so that nobody can make us ask other programs of this machine or of a local network.
    /// </summary>
    Torrent,

    /// <summary>From the user. It may lead anywhere.</summary>
    User,
}

namespace Freshet.Core.Trackers;

/// <summary>The order of announces to one tracker, most urgent first.</summary>
internal enum AnnounceUrgency
{
    /// <summary>A stopped event: the torrent, and usually the session, waits for it. Not spread over time.</summary>
    Farewell,

    /// <summary>An announce of an incomplete torrent.</summary>
    Downloading,

    /// <summary>An announce of a complete torrent.</summary>
    Seeding,
}

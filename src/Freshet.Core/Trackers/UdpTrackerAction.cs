namespace Freshet.Core.Trackers;

/// <summary>The action of a datagram to or from a UDP tracker (BEP 15).</summary>
internal enum UdpTrackerAction
{
    Connect = 0,
    Announce = 1,
    Scrape = 2,

    /// <summary>Sent only by trackers: an error message.</summary>
    Error = 3,
}

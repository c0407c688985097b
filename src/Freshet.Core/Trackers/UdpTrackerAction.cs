namespace Freshet.Core.Trackers;

/// <summary>What a datagram to or from a tracker is (BEP 15).</summary>
internal enum UdpTrackerAction
{
    Connect = 0,
    Announce = 1,
    Scrape = 2,

    /// <summary>Sent by trackers only: a refusal in words.</summary>
    Error = 3,
}

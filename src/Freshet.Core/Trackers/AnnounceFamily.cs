namespace Freshet.Core.Trackers;

/// <summary>
/// Over which of our addresses a tracker is asked (BEP 7). A tracker that has addresses of both families is asked over each, since
/// peers of either family can reach us only at an address of that family.
/// </summary>
internal enum AnnounceFamily
{
    /// <summary>Whichever reaches the tracker: for a machine with one family only, or behind a proxy.</summary>
    Any,

    /// <summary>IPv4.</summary>
    IPv4,

    /// <summary>IPv6.</summary>
    IPv6,
}

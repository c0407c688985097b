namespace Freshet.Core.Trackers;

/// <summary>
/// The address family over which to announce to a tracker (BEP 7). A tracker with addresses of both families is announced to over each,
/// since peers of a family can reach us only at an address of that family.
/// </summary>
internal enum AnnounceFamily
{
    /// <summary>Whichever reaches the tracker: for a machine with only one family, or behind a proxy.</summary>
    Any,

    /// <summary>IPv4.</summary>
    IPv4,

    /// <summary>IPv6.</summary>
    IPv6,
}

namespace Freshet.Core.Trackers;

/// <summary>
/// Over which of our addresses a tracker is asked (BEP 7). One that has addresses of both families hears of us over each, since peers of
/// either family find us only at an address of theirs.
/// </summary>
internal enum AnnounceFamily
{
    /// <summary>Whichever reaches the tracker: where we have one family only, or leave the way to a proxy.</summary>
    Any,

    /// <summary>IPv4.</summary>
    IPv4,

    /// <summary>IPv6.</summary>
    IPv6,
}

using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet;

/// <summary>One announce to a tracker (BEP 3), for <see cref="TrackerClient"/>.</summary>
public sealed record TrackerAnnounce
{
    /// <summary>The tracker's announce URL, http, https or udp.</summary>
    public required string Tracker { get; init; }

    /// <summary>The info-hash; for a version 2 torrent the truncated hash, <see cref="InfoHashV2.Truncate"/>.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>The port to announce, 0 to 65,535; the address is the one that the tracker sees.</summary>
    public required int Port { get; init; }

    /// <summary>The event; a regular announce by default.</summary>
    public AnnounceEvent Event { get; init; }

    /// <summary>Bytes uploaded since the started event.</summary>
    public long Uploaded { get; init; }

    /// <summary>Bytes downloaded since the started event.</summary>
    public long Downloaded { get; init; }

    /// <summary>Bytes still missing. 0 means that we are a seed; trackers then return no other seeds.</summary>
    public required long Left { get; init; }

    /// <summary>The number of peers wanted: 0 to 2,000, 50 by default. Trackers have their own limits, mostly 50 to 200.</summary>
    public int NumWant { get; init; } = 50;
}

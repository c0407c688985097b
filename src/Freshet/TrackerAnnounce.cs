using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet;

/// <summary>One announce to a tracker (BEP 3), for <see cref="TrackerClient"/>.</summary>
public sealed record TrackerAnnounce
{
    /// <summary>The tracker's announce URL, http, https or udp.</summary>
    public required string Tracker { get; init; }

    /// <summary>The swarm; of a torrent of version 2 the truncated hash, <see cref="InfoHashV2.Truncate"/>.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>The port that other peers are to dial, 0 to 65,535; the address is the one that the tracker sees.</summary>
    public required int Port { get; init; }

    /// <summary>Why it is made; a regular one by default.</summary>
    public AnnounceEvent Event { get; init; }

    /// <summary>Bytes uploaded since the started event.</summary>
    public long Uploaded { get; init; }

    /// <summary>Bytes downloaded since the started event.</summary>
    public long Downloaded { get; init; }

    /// <summary>Bytes that are missing. 0 says that we are a seed: then trackers name no other seeds.</summary>
    public required long Left { get; init; }

    /// <summary>Peers wanted: 0 to 2,000, 50 by default. Trackers have limits of their own, mostly 50 to 200.</summary>
    public int NumWant { get; init; } = 50;
}

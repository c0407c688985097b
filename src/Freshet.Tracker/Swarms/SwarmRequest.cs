using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Tracker.Swarms;

/// <summary>An announce over any transport.</summary>
internal readonly record struct SwarmRequest
{
    public required InfoHash InfoHash { get; init; }

    public required PeerId PeerId { get; init; }

    public required PeerAddress Address { get; init; }

    public AnnounceEvent Event { get; init; }

    /// <summary>Bytes that the peer is missing; null if it did not say, which counts as missing some.</summary>
    public long? Left { get; init; }

    /// <summary>The number of peers wanted; null leaves it to the tracker.</summary>
    public int? NumWant { get; init; }

    /// <summary>Whether the client can only use peers of its own address family.</summary>
    public bool OwnFamilyOnly { get; init; }

    /// <summary>A list to reuse for the answer's peers, replacing its content; null for a new one.</summary>
    public List<SwarmPeer>? Drawn { get; init; }
}

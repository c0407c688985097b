using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Tracker.Swarms;

/// <summary>An announce, whatever transport it came by.</summary>
internal readonly record struct SwarmRequest
{
    public required InfoHash InfoHash { get; init; }

    public required PeerId PeerId { get; init; }

    public required PeerAddress Address { get; init; }

    public AnnounceEvent Event { get; init; }

    /// <summary>Bytes the peer lacks; null if it did not say, which counts as lacking some.</summary>
    public long? Left { get; init; }

    /// <summary>Peers wanted; null leaves it to the tracker.</summary>
    public int? NumWant { get; init; }

    /// <summary>Whether only peers of the asker's own address family are of use to it.</summary>
    public bool OwnFamilyOnly { get; init; }

    /// <summary>A list that the answer's peers are put into, in place of what it holds; null for a new one.</summary>
    public List<SwarmPeer>? Drawn { get; init; }
}

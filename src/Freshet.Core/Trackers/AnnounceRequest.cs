using Freshet.Core.Metainfo;
using Freshet.Core.Wire;

namespace Freshet.Core.Trackers;

/// <summary>The parameters of an announce (BEP 3, 7, 23).</summary>
internal sealed record AnnounceRequest
{
    /// <summary>The swarm; the truncated hash for version 2 (BEP 52).</summary>
    public required InfoHash InfoHash { get; init; }

    public required PeerId PeerId { get; init; }

    public required int Port { get; init; }

    /// <summary>Payload bytes sent since the started event.</summary>
    public required long Uploaded { get; init; }

    public required long Downloaded { get; init; }

    /// <summary>Bytes still missing; 0 means that we seed.</summary>
    public required long Left { get; init; }

    /// <summary>Downloaded payload bytes that failed their hash check.</summary>
    public long Corrupt { get; init; }

    public AnnounceEvent Event { get; init; }

    /// <summary>The number of peers wanted; 0 for none.</summary>
    public int NumWant { get; init; } = 50;

    /// <summary>
    /// A constant for the life of a session, by which a tracker recognizes us under each of our addresses, and when they change (BEP 7).
    /// </summary>
    public uint Key { get; init; }

    /// <summary>The tracker id to send back to this tracker, or null.</summary>
    public ReadOnlyMemory<byte>? TrackerId { get; init; }

    /// <summary>The address family to announce over; not part of the request itself.</summary>
    public AnnounceFamily Family { get; init; }

    /// <summary>The target of this request at a tracker.</summary>
    public AnnounceTarget To(string tracker) => new(tracker, Family, InfoHash);

    /// <summary>The priority among announces to the same tracker.</summary>
    public AnnounceUrgency Urgency =>
        Event == AnnounceEvent.Stopped ? AnnounceUrgency.Farewell : Left > 0 ? AnnounceUrgency.Downloading : AnnounceUrgency.Seeding;
}

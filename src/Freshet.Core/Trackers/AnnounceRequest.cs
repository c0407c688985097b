using Freshet.Core.Metainfo;
using Freshet.Core.Wire;

namespace Freshet.Core.Trackers;

/// <summary>What a tracker is told (BEP 3, 7, 23).</summary>
internal sealed record AnnounceRequest
{
    /// <summary>Which of the torrent's swarms it is about; a hash of version 2 is truncated (BEP 52).</summary>
    public required InfoHash InfoHash { get; init; }

    public required PeerId PeerId { get; init; }

    public required int Port { get; init; }

    /// <summary>Payload bytes since the started event.</summary>
    public required long Uploaded { get; init; }

    public required long Downloaded { get; init; }

    /// <summary>Bytes still missing; 0 says that we seed.</summary>
    public required long Left { get; init; }

    /// <summary>Payload bytes of those downloaded that failed their hash.</summary>
    public long Corrupt { get; init; }

    public AnnounceEvent Event { get; init; }

    /// <summary>Peers wanted; 0 wants none.</summary>
    public int NumWant { get; init; } = 50;

    /// <summary>
    /// The same for a session's life, so that a tracker knows us under each of our addresses, and when they change (BEP 7).
    /// </summary>
    public uint Key { get; init; }

    /// <summary>The id that this tracker wants to be repeated, or null.</summary>
    public ReadOnlyMemory<byte>? TrackerId { get; init; }

    /// <summary>Over which of our addresses it is asked; this is not part of the request itself.</summary>
    public AnnounceFamily Family { get; init; }

    /// <summary>What it is to a tracker.</summary>
    public AnnounceTarget To(string tracker) => new(tracker, Family, InfoHash);

    /// <summary>How urgent it is among others to the same tracker.</summary>
    public AnnounceUrgency Urgency =>
        Event == AnnounceEvent.Stopped ? AnnounceUrgency.Farewell : Left > 0 ? AnnounceUrgency.Downloading : AnnounceUrgency.Seeding;
}

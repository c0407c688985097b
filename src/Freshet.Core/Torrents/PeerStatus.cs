using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>A connected peer of a torrent at one moment. Immutable.</summary>
public sealed record PeerStatus
{
    /// <summary>Its address.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>Its program and version, as its peer id says; empty if that says nothing.</summary>
    public required string Client { get; init; }

    /// <summary>Whether we dialled.</summary>
    public required bool IsOutgoing { get; init; }

    /// <summary>What carries the connection.</summary>
    public required PeerTransport Transport { get; init; }

    /// <summary>What of the connection is encrypted.</summary>
    public required PeerEncryption Encryption { get; init; }

    /// <summary>How long it is connected.</summary>
    public required TimeSpan Connected { get; init; }

    /// <summary>The part of the pieces that it has, 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>Whether it has something that we want.</summary>
    public required bool IsInteresting { get; init; }

    /// <summary>Whether it refuses our requests.</summary>
    public required bool IsChoking { get; init; }

    /// <summary>Whether it wants something of us.</summary>
    public required bool IsInterested { get; init; }

    /// <summary>Whether we refuse its requests.</summary>
    public required bool IsChoked { get; init; }

    /// <summary>Who named its address; also <see cref="PeerSource.Incoming"/> if it connected to us.</summary>
    public PeerSources Sources { get; init; }

    /// <summary>Blocks that were requested of it and have not come.</summary>
    public int OutstandingRequests { get; init; }

    /// <summary>Blocks that are to be outstanding at once, so that it never runs out of requests.</summary>
    public int QueueDepth { get; init; }

    /// <summary>
    /// The median time from a request to its block, over the last 64 blocks; null if none has come. Most of it is the time that the request
    /// waits behind others of ours.
    /// </summary>
    public TimeSpan? ResponseTime { get; init; }

    /// <summary>The same for the 95th percentile.</summary>
    public TimeSpan? ResponseTime95 { get; init; }

    /// <summary>How long a packet takes to it and back, as the system (Linux) or uTP measures it; null where that is not known.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Blocks that it requested and that have not been sent.</summary>
    public int QueuedUploads { get; init; }

    /// <summary>Whether it has sent nothing for long, though it was asked and does not choke us.</summary>
    public bool IsSnubbing { get; init; }

    /// <summary>Payload received from it on this connection.</summary>
    public required ByteSize Downloaded { get; init; }

    /// <summary>Payload sent to it on this connection.</summary>
    public required ByteSize Uploaded { get; init; }

    /// <summary>Payload received per second, over the last few seconds.</summary>
    public required DataRate DownloadRate { get; init; }

    /// <summary>Payload sent per second, over the last few seconds.</summary>
    public required DataRate UploadRate { get; init; }
}

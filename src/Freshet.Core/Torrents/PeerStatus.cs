using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>A snapshot of a connected peer of a torrent. Immutable.</summary>
public sealed record PeerStatus
{
    /// <summary>The peer's address.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>The peer's client and version according to its peer id; empty if the id does not say.</summary>
    public required string Client { get; init; }

    /// <summary>Whether we opened the connection.</summary>
    public required bool IsOutgoing { get; init; }

    /// <summary>The transport of the connection.</summary>
    public required PeerTransport Transport { get; init; }

    /// <summary>How the connection is encrypted.</summary>
    public required PeerEncryption Encryption { get; init; }

    /// <summary>What the connection goes through.</summary>
    public PeerPath Path { get; init; }

    /// <summary>How long the peer has been connected.</summary>
    public required TimeSpan Connected { get; init; }

    /// <summary>The share of the pieces that the peer has, 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>Whether the peer has something that we want.</summary>
    public required bool IsInteresting { get; init; }

    /// <summary>Whether the peer chokes us.</summary>
    public required bool IsChoking { get; init; }

    /// <summary>Whether the peer is interested in our pieces.</summary>
    public required bool IsInterested { get; init; }

    /// <summary>Whether we choke the peer.</summary>
    public required bool IsChoked { get; init; }

    /// <summary>The sources of the peer's address, including <see cref="PeerSource.Incoming"/> if it connected to us.</summary>
    public PeerSources Sources { get; init; }

    /// <summary>Blocks requested from the peer that have not arrived.</summary>
    public int OutstandingRequests { get; init; }

    /// <summary>Blocks to keep requested from the peer, so that it never runs out of requests.</summary>
    public int QueueDepth { get; init; }

    /// <summary>
    /// The median time from a request to its block, over the last 64 blocks; null if none has arrived. Most of it is the time that a
    /// request waits behind our other requests.
    /// </summary>
    public TimeSpan? ResponseTime { get; init; }

    /// <summary>The 95th percentile of the same times.</summary>
    public TimeSpan? ResponseTime95 { get; init; }

    /// <summary>The round-trip time, as measured by the system (Linux) or by uTP; null if unknown.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Blocks that the peer requested and that have not been sent.</summary>
    public int QueuedUploads { get; init; }

    /// <summary>Whether the peer has sent nothing for a long time although it has requests of ours and does not choke us.</summary>
    public bool IsSnubbing { get; init; }

    /// <summary>Payload received from the peer on this connection.</summary>
    public required ByteSize Downloaded { get; init; }

    /// <summary>Payload sent to the peer on this connection.</summary>
    public required ByteSize Uploaded { get; init; }

    /// <summary>Payload received per second, over the last few seconds.</summary>
    public required DataRate DownloadRate { get; init; }

    /// <summary>Payload sent per second, over the last few seconds.</summary>
    public required DataRate UploadRate { get; init; }
}

namespace Freshet.Api;

/// <summary>A connected peer.</summary>
public sealed record PeerItem
{
    /// <summary>Its IP address.</summary>
    public required string Address { get; init; }

    /// <summary>Its port.</summary>
    public required int Port { get; init; }

    /// <summary>Its program and version; empty if its peer id says nothing.</summary>
    public required string Client { get; init; }

    /// <summary>Whether this side connected.</summary>
    public required bool Outgoing { get; init; }

    /// <summary>What carries the connection.</summary>
    public required PeerTransportCode Transport { get; init; }

    /// <summary>What of it is encrypted.</summary>
    public required PeerEncryptionCode Encryption { get; init; }

    /// <summary>What the connection goes through.</summary>
    public PeerPathCode Path { get; init; }

    /// <summary>Where its address is, two capital letters (ISO 3166); null if that is not known.</summary>
    public required string? Country { get; init; }

    /// <summary>Seconds.</summary>
    public required long ConnectedFor { get; init; }

    /// <summary>The part of the pieces that it has, 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>Payload bytes received on this connection.</summary>
    public required long Downloaded { get; init; }

    /// <summary>Payload bytes sent on this connection.</summary>
    public required long Uploaded { get; init; }

    /// <summary>Payload bytes received per second.</summary>
    public required long DownloadRate { get; init; }

    /// <summary>Payload bytes sent per second.</summary>
    public required long UploadRate { get; init; }

    /// <summary>
    /// Who named its address: any of <c>incoming</c>, <c>tracker</c>, <c>manual</c>, <c>exchange</c>, <c>dht</c> and
    /// <c>local</c>.
    /// </summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Blocks that were requested of it and have not come.</summary>
    public int Requests { get; init; }

    /// <summary>Blocks that are to be requested of it at once.</summary>
    public int QueueDepth { get; init; }

    /// <summary>The median time from a request to its block, in milliseconds; null if none has come.</summary>
    public double? ResponseMs { get; init; }

    /// <summary>The 95th percentile of that.</summary>
    public double? Response95Ms { get; init; }

    /// <summary>How long a packet takes to it and back, in milliseconds; null if that is not known.</summary>
    public double? RoundTripMs { get; init; }

    /// <summary>Whether it has something that we want.</summary>
    public required bool Interesting { get; init; }

    /// <summary>Whether it refuses our requests.</summary>
    public required bool Choking { get; init; }

    /// <summary>Whether it wants something of us.</summary>
    public required bool Interested { get; init; }

    /// <summary>Whether we refuse its requests.</summary>
    public required bool Choked { get; init; }

    /// <summary>Blocks that it requested and that have not been sent.</summary>
    public required int QueuedUploads { get; init; }

    /// <summary>Whether it sends nothing, though it was asked and does not refuse.</summary>
    public required bool Snubbing { get; init; }
}

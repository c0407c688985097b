using System.Collections.Immutable;
using System.Net;

namespace Freshet;

/// <summary>A peer's extension handshake (BEP 10). A member that the peer did not send is null.</summary>
public sealed record PeerProbeExtensions
{
    /// <summary>The extensions that the peer supports, with the message id it assigned to each.</summary>
    public ImmutableArray<KeyValuePair<string, int>> Messages { get; init; } = [];

    /// <summary>The client's name and version, as the client states them.</summary>
    public string? Client { get; init; }

    /// <summary>The port that the peer listens on.</summary>
    public int? Port { get; init; }

    /// <summary>The number of outstanding requests that the peer queues (<c>reqq</c>).</summary>
    public int? RequestQueue { get; init; }

    /// <summary>The size of the info dictionary in bytes (BEP 9).</summary>
    public int? MetadataSize { get; init; }

    /// <summary>Our address as the peer sees it (<c>yourip</c>).</summary>
    public IPAddress? YourAddress { get; init; }
}

using System.Collections.Immutable;
using System.Net;

namespace Freshet;

/// <summary>A peer's extension handshake (BEP 10). What it did not say is null.</summary>
public sealed record PeerProbeExtensions
{
    /// <summary>The extensions that it takes messages of, with the number that each has for it.</summary>
    public ImmutableArray<KeyValuePair<string, int>> Messages { get; init; } = [];

    /// <summary>The client's name and version in its own words.</summary>
    public string? Client { get; init; }

    /// <summary>The port that it listens on.</summary>
    public int? Port { get; init; }

    /// <summary>Requests that it keeps at once.</summary>
    public int? RequestQueue { get; init; }

    /// <summary>Bytes of the info dictionary (BEP 9).</summary>
    public int? MetadataSize { get; init; }

    /// <summary>Our address as it sees it.</summary>
    public IPAddress? YourAddress { get; init; }
}

using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Wire;

namespace Freshet;

/// <summary>What one tracker answered; see <see cref="TrackerProbe"/>.</summary>
public sealed record TrackerProbeResult
{
    /// <summary>Its announce URL.</summary>
    public required string Url { get; init; }

    /// <summary>Why there is no answer, in words: the tracker's own refusal, or what kept it from answering; null if there is one.</summary>
    public string? Error { get; init; }

    /// <summary>What the tracker warns of.</summary>
    public string? Warning { get; init; }

    /// <summary>How long a client should wait before it announces again.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Complete peers in the swarm, as the tracker counts them.</summary>
    public int? Seeders { get; init; }

    /// <summary>Incomplete peers in the swarm, as the tracker counts them.</summary>
    public int? Leechers { get; init; }

    /// <summary>The peers that it named, each once, with the peer id where the tracker gives one.</summary>
    public ImmutableArray<(IPEndPoint EndPoint, PeerId? PeerId)> Peers { get; init; } = [];

    /// <summary>Whether it answered.</summary>
    public bool Succeeded => Error is null;
}

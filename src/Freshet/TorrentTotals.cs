using Freshet.Core.Rates;

namespace Freshet;

/// <summary>What a torrent has done in all its runs, as far as a state folder remembers them. Immutable.</summary>
public sealed record TorrentTotals
{
    /// <summary>Payload received, in all runs, wasted or not.</summary>
    public ByteSize Downloaded { get; init; }

    /// <summary>Payload sent, in all runs.</summary>
    public ByteSize Uploaded { get; init; }

    /// <summary>How long the torrent was running, stopped times left out, to the second.</summary>
    public TimeSpan ActiveTime { get; init; }

    /// <summary>How long of that all wanted pieces were there.</summary>
    public TimeSpan SeedingTime { get; init; }
}

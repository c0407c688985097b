using Freshet.Core.Rates;

namespace Freshet;

/// <summary>The totals of a torrent over all its runs, as far as a state folder has recorded them. Immutable.</summary>
public sealed record TorrentTotals
{
    /// <summary>Payload received in all runs, including what was discarded.</summary>
    public ByteSize Downloaded { get; init; }

    /// <summary>Payload sent in all runs.</summary>
    public ByteSize Uploaded { get; init; }

    /// <summary>How long the torrent was running, not counting stopped times, in whole seconds.</summary>
    public TimeSpan ActiveTime { get; init; }

    /// <summary>The part of <see cref="ActiveTime"/> in which all wanted pieces were complete.</summary>
    public TimeSpan SeedingTime { get; init; }
}

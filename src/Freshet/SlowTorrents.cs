using Freshet.Core.Rates;

namespace Freshet;

/// <summary>When an active torrent counts as slow. Immutable.</summary>
public sealed record SlowTorrents
{
    /// <summary>
    /// The payload rate below which a torrent is slow: received while anything is missing, sent after that. Must be positive. Default: 2
    /// KiB/s.
    /// </summary>
    public DataRate Below { get; init; } = new(2048);

    /// <summary>
    /// How long the rate must stay below the threshold for a torrent to become slow, or above it to become active again: 1 s to 1 day.
    /// Default: 1 minute. If it is short, every brief stall starts and stops torrents.
    /// </summary>
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(1);

    internal void Validate(List<string> errors)
    {
        if (Below.BytesPerSecond < 1)
            errors.Add($"{nameof(SlowTorrents)}.{nameof(Below)} is {Below}: more than 0");
        if (For < TimeSpan.FromSeconds(1) || For > TimeSpan.FromDays(1))
            errors.Add($"{nameof(SlowTorrents)}.{nameof(For)} is {For}: 1 s to 1 day");
    }
}

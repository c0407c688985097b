using Freshet.Core.Rates;

namespace Freshet;

/// <summary>When an active torrent counts as slow. Immutable.</summary>
public sealed record SlowTorrents
{
    /// <summary>
    /// The rate of payload below which it is slow: of what it receives while something is missing, of what it sends after that. Positive;
    /// default 2 KiB/s.
    /// </summary>
    public DataRate Below { get; init; } = new(2048);

    /// <summary>
    /// How long it must have been below, to count as slow, or above, to count again: 1 s to 1 day. Default 1 minute. With a short time,
    /// torrents are started and stopped for every hiccup.
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

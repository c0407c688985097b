namespace Freshet.Core.Torrents;

/// <summary>
/// How long a torrent seeds, and what happens then. The limit that is reached first applies; limits are checked only while the torrent is
/// <see cref="TorrentState.Seeding"/>. A torrent that is started again after it reached a limit ends again, unless the limit has changed.
/// Immutable.
/// </summary>
public sealed record SeedLimits
{
    /// <summary>No limit: the torrent seeds until it is stopped.</summary>
    public static SeedLimits None { get; } = new();

    /// <summary>
    /// Bytes sent per byte received, over all runs; 0 or more. Data that existed before counts as received if that is more. Default: null,
    /// no limit.
    /// </summary>
    public double? Ratio { get; init; }

    /// <summary>Total seeding time over all runs; 0 or more. Default: null, no limit.</summary>
    public TimeSpan? SeedTime { get; init; }

    /// <summary>
    /// Seeding time without sending anything, since the start or the last byte sent; 1 minute or more. Default: null, no limit.
    /// </summary>
    public TimeSpan? IdleTime { get; init; }

    /// <summary>What happens when a limit is reached. Default: the torrent is stopped.</summary>
    public SeedEnd Then { get; init; }

    /// <summary>Whether any limit is set.</summary>
    internal bool IsLimited => Ratio is not null || SeedTime is not null || IdleTime is not null;

    /// <summary>The limit that has been reached; null if none.</summary>
    internal SeedLimit? Reached(in SeedingFacts facts) =>
        facts.Ratio >= Ratio ? SeedLimit.Ratio
        : facts.SeedTime >= SeedTime ? SeedLimit.SeedTime
        : facts.IdleTime >= IdleTime ? SeedLimit.IdleTime
        : null;

    /// <summary>The time until a limit is reached if nothing is sent; null if never.</summary>
    internal TimeSpan? TimeLeft(in SeedingFacts facts)
    {
        TimeSpan? seeding = SeedTime - facts.SeedTime;
        TimeSpan? idle = IdleTime - facts.IdleTime;
        return seeding is null || idle < seeding ? idle : seeding;
    }

    internal void Validate(string name, List<string> errors)
    {
        if (Ratio is { } ratio && !(ratio >= 0 && double.IsFinite(ratio)))
            errors.Add($"{name}.{nameof(Ratio)} is {ratio}: 0 or more, or null for no limit");
        if (SeedTime < TimeSpan.Zero)
            errors.Add($"{name}.{nameof(SeedTime)} is {SeedTime}: 0 or more, or null for no limit");
        if (IdleTime < TimeSpan.FromMinutes(1))
            errors.Add($"{name}.{nameof(IdleTime)} is {IdleTime}: 1 minute or more, or null for no limit");
        if (!Enum.IsDefined(Then))
            errors.Add($"{name}.{nameof(Then)} is {(int)Then}: use a member of {nameof(SeedEnd)}");
    }
}

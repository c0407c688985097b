namespace Freshet.Core.Torrents;

/// <summary>
/// How long a torrent seeds, and what happens then. Whichever limit is reached first counts; they are looked at only while the torrent is
/// <see cref="TorrentState.Seeding"/>. A torrent that is started again after it has reached one ends again, unless the limit is another by
/// then. Immutable.
/// </summary>
public sealed record SeedLimits
{
    /// <summary>No limit: it seeds until it is stopped.</summary>
    public static SeedLimits None { get; } = new();

    /// <summary>
    /// Bytes sent for each byte received, in all runs, 0 or more. What was there already counts as received if that is more. Null, the
    /// default, is no limit.
    /// </summary>
    public double? Ratio { get; init; }

    /// <summary>The time that it has seeded, in all runs, 0 or more. Null, the default, is no limit.</summary>
    public TimeSpan? SeedTime { get; init; }

    /// <summary>
    /// The time for which it has seeded without sending anything, since it was started or the last byte was sent: 1 minute or more. Null,
    /// the default, is no limit.
    /// </summary>
    public TimeSpan? IdleTime { get; init; }

    /// <summary>What happens then. Default: it is stopped.</summary>
    public SeedEnd Then { get; init; }

    /// <summary>Whether there is a limit at all.</summary>
    internal bool IsLimited => Ratio is not null || SeedTime is not null || IdleTime is not null;

    /// <summary>The limit that is reached; null if none is.</summary>
    internal SeedLimit? Reached(in SeedingFacts facts) =>
        facts.Ratio >= Ratio ? SeedLimit.Ratio
        : facts.SeedTime >= SeedTime ? SeedLimit.SeedTime
        : facts.IdleTime >= IdleTime ? SeedLimit.IdleTime
        : null;

    /// <summary>How long until a limit is reached if nothing is sent; null if that is never.</summary>
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

namespace Freshet.Core.Torrents;

/// <summary>What a torrent has done as a seed.</summary>
/// <param name="Sent">Payload sent, in all runs.</param>
/// <param name="Received">Payload received, in all runs.</param>
/// <param name="Held">Bytes of the torrent that we have.</param>
internal readonly record struct SeedingFacts(long Sent, long Received, long Held)
{
    /// <summary>How long it has seeded, in all runs.</summary>
    public TimeSpan SeedTime { get; init; }

    /// <summary>How long it has been seeding without sending anything.</summary>
    public TimeSpan IdleTime { get; init; }

    /// <summary>
    /// Bytes sent per byte downloaded, or per byte that existed before; a torrent without any bytes counts as having given all it can.
    /// </summary>
    public double Ratio => Math.Max(Received, Held) is > 0 and long bytes ? (double)Sent / bytes : double.PositiveInfinity;
}

namespace Freshet.Throughput;

/// <summary>What one run of one client took.</summary>
internal sealed record Figures
{
    /// <summary>From the moment that both sides are up and one dials, or from the process's start; seconds.</summary>
    public required double Wall { get; init; }

    /// <summary>From the first payload byte, where there is one; seconds.</summary>
    public double? Transfer { get; init; }

    /// <summary>The shortest that the transfer could take over its line, in seconds; null without one.</summary>
    public double? Ideal { get; init; }

    /// <summary>User and system time, seconds.</summary>
    public required double Cpu { get; init; }

    /// <summary>Bytes; pages of mapped files count.</summary>
    public required long PeakResident { get; init; }

    /// <summary>Bytes of the process's own memory.</summary>
    public required long PeakAnonymous { get; init; }

    /// <summary>
    /// Payload that seeds sent beyond the data itself, as a part of it, with what was on its way when the leecher had enough; null where
    /// that is not measured.
    /// </summary>
    public double? Wasted { get; init; }

    /// <summary>Payload that the leecher received for nothing, as a part of the data; null where that is not measured.</summary>
    public double? Twice { get; init; }

    /// <summary>What a rate is computed of.</summary>
    public double Seconds => Transfer ?? Wall;
}

namespace Freshet.Throughput;

/// <summary>The result of one run of one client.</summary>
internal sealed record Figures
{
    /// <summary>Seconds from the moment when both sides are up and one dials, or from the start of the process.</summary>
    public required double Wall { get; init; }

    /// <summary>Seconds from the first payload byte, if there is one.</summary>
    public double? Transfer { get; init; }

    /// <summary>The shortest time in seconds that the transfer could take over its line; null without a line.</summary>
    public double? Ideal { get; init; }

    /// <summary>User and system time in seconds.</summary>
    public required double Cpu { get; init; }

    /// <summary>Peak resident memory in bytes, including pages of mapped files.</summary>
    public required long PeakResident { get; init; }

    /// <summary>The process's own memory in bytes.</summary>
    public required long PeakAnonymous { get; init; }

    /// <summary>
    /// Payload that seeds sent beyond the data itself, as a fraction of it, including what was on its way when the leecher was complete;
    /// null if it is not measured.
    /// </summary>
    public double? Wasted { get; init; }

    /// <summary>Payload that the leecher received in vain, as a fraction of the data; null if it is not measured.</summary>
    public double? Twice { get; init; }

    /// <summary>The time from which rates are computed.</summary>
    public double Seconds => Transfer ?? Wall;
}

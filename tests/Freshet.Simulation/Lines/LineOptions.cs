using Freshet.Core.Rates;

namespace Freshet.Simulation.Lines;

/// <summary>What one direction of a line is like.</summary>
internal sealed record LineOptions
{
    /// <summary>How much passes a second, headers of IP and UDP included.</summary>
    public required DataRate Rate { get; init; }

    /// <summary>How long everything takes, besides queueing.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How long something may wait in the queue; what would wait for longer is dropped.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The part of all datagrams that is lost at random.</summary>
    public double Loss { get; init; }

    /// <summary>The part that is held up for a moment, so that others overtake it.</summary>
    public double Reordering { get; init; }

    /// <summary>The part that comes twice.</summary>
    public double Duplication { get; init; }

    /// <summary>The longest datagram that passes, without headers; longer ones vanish.</summary>
    public int LongestDatagram { get; init; } = 1_472;
}

using Freshet.Core.Rates;

namespace Freshet.Simulation.Lines;

/// <summary>The properties of one direction of a line.</summary>
internal sealed record LineOptions
{
    /// <summary>Its rate per second, including IP and UDP headers.</summary>
    public required DataRate Rate { get; init; }

    /// <summary>The delay besides queueing.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The longest time in the queue; a datagram that would wait longer is dropped.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The time in the queue from which on datagrams are dropped at random: the longer it is, the more, up to a tenth of them; null if all
    /// that fit are queued.
    /// </summary>
    public TimeSpan? EarlyDrop { get; init; }

    /// <summary>The fraction of datagrams that is lost at random.</summary>
    public double Loss { get; init; }

    /// <summary>The fraction that is delayed for a moment, so that others overtake it.</summary>
    public double Reordering { get; init; }

    /// <summary>The fraction that arrives twice.</summary>
    public double Duplication { get; init; }

    /// <summary>
    /// The length of the longest datagram that passes in one piece, without headers; longer ones are fragmented, or lost if they may not
    /// be.
    /// </summary>
    public int LongestDatagram { get; init; } = 1_472;
}

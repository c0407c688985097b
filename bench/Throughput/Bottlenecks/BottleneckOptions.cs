namespace Freshet.Throughput.Bottlenecks;

/// <summary>A line between two networks.</summary>
/// <param name="Megabits">Its rate in each direction, in millions of bits a second, with the headers of IP.</param>
/// <param name="RoundTrip">The round-trip time without a queue.</param>
internal sealed record BottleneckOptions(int Megabits, TimeSpan RoundTrip)
{
    /// <summary>The longest time in the queue; a packet that would wait longer is dropped.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The fraction of packets that is lost at random, on the way of the data.</summary>
    public double Loss { get; init; }

    /// <summary>The fraction of packets that some of those sent after them overtake, in both directions.</summary>
    public double Reordered { get; init; }

    public double BytesPerSecond => Megabits * 125_000.0;
}

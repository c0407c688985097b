namespace Freshet.Benchmarks.Curves;

/// <summary>What a line carried in an interval.</summary>
/// <param name="Seconds">The end of the interval.</param>
/// <param name="First">Megabits per second of the first flow, counting the payload of uTP.</param>
/// <param name="Second">The same of the second flow.</param>
/// <param name="QueueMilliseconds">The longest time that a datagram waited in the queue.</param>
internal readonly record struct LineSample(double Seconds, double First, double Second, double QueueMilliseconds);

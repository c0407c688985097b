namespace Freshet.Benchmarks.Curves;

/// <summary>What went over a line in an interval.</summary>
/// <param name="Seconds">The end of the interval.</param>
/// <param name="First">Megabits a second of the first flow, payload of uTP.</param>
/// <param name="Second">The same of the second flow.</param>
/// <param name="QueueMilliseconds">How long a datagram waited in the queue at most.</param>
internal readonly record struct LineSample(double Seconds, double First, double Second, double QueueMilliseconds);

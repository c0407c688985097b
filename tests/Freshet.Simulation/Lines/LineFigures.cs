namespace Freshet.Simulation.Lines;

/// <summary>How a line was used.</summary>
/// <param name="Used">The part of what it can carry that arrived as payload.</param>
/// <param name="Queueing">How long datagrams waited in the queue, but for two of a hundred moments.</param>
internal readonly record struct LineFigures(double Used, TimeSpan Queueing);

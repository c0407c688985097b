namespace Freshet.Simulation.Lines;

/// <summary>How a line was used.</summary>
/// <param name="Used">The fraction of its capacity that arrived as payload.</param>
/// <param name="Queueing">How long datagrams waited in the queue, at the 98th percentile.</param>
internal readonly record struct LineFigures(double Used, TimeSpan Queueing);

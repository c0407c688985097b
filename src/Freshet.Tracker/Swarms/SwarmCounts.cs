namespace Freshet.Tracker.Swarms;

/// <summary>A swarm in numbers (BEP 48; downloaders: BEP 21).</summary>
internal readonly record struct SwarmCounts(int Complete, int Incomplete, int Downloaded, int Downloaders);

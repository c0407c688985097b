namespace Freshet.Tracker.Swarms;

/// <summary>The counts of a swarm (BEP 48; downloaders: BEP 21).</summary>
internal readonly record struct SwarmCounts(int Complete, int Incomplete, int Downloaded, int Downloaders);

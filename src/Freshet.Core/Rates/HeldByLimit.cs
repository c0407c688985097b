namespace Freshet.Core.Rates;

/// <summary>How long one direction of a connection has waited for our own rate limits, and for which of them most recently.</summary>
/// <param name="Total">The total waiting time since the connection began.</param>
/// <param name="Rate">The limit that it waited for most recently; null if it never waited, or the limit has been removed.</param>
/// <param name="Scope">What that limit applies to.</param>
internal readonly record struct HeldByLimit(TimeSpan Total, DataRate? Rate, LimitScope Scope);

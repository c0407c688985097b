namespace Freshet.Core.Rates;

/// <summary>How long a direction of a connection has waited for our own rate limits, and for which of them last.</summary>
/// <param name="Total">All that time since the connection began.</param>
/// <param name="Rate">The limit that it waited for last; null if it never did, or the limit is gone.</param>
/// <param name="Scope">What that limit applies to.</param>
internal readonly record struct HeldByLimit(TimeSpan Total, DataRate? Rate, LimitScope Scope);

namespace Freshet.Discovery;

/// <summary>How HTTP trackers are reached.</summary>
internal sealed record HttpTrackerOptions
{
    public HttpRequesterOptions Requests { get; init; } = new();

    /// <summary>For a request's turn, when many are under way. With its own timeout less than what an announce schedule waits.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

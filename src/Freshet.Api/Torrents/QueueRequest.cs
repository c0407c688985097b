namespace Freshet.Api;

/// <summary>Moves a torrent in the queue.</summary>
public sealed record QueueRequest
{
    /// <summary>Where to.</summary>
    public required QueueMoveCode Move { get; init; }
}

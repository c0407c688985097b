namespace Freshet.Api;

/// <summary>A link to the content of a file that needs no login, for a player.</summary>
public sealed record ContentTicket
{
    /// <summary>The path and query of the link, at the address of the daemon.</summary>
    public required string Path { get; init; }

    /// <summary>When it stops working.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

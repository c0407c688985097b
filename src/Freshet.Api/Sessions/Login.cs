namespace Freshet.Api;

/// <summary>What proves who logs in: one of the two.</summary>
public sealed record Login
{
    /// <summary>The token of the state folder.</summary>
    public string? Token { get; init; }

    /// <summary>The password of the configuration.</summary>
    public string? Password { get; init; }
}

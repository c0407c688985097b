namespace Freshet.Api;

/// <summary>How one can log in.</summary>
public sealed record AuthenticationInfo
{
    /// <summary>Whether the request proved who sent it.</summary>
    public required bool Authenticated { get; init; }

    /// <summary>Whether there is a password.</summary>
    public required bool PasswordSet { get; init; }

    /// <summary>The version of the program; null without authentication.</summary>
    public required string? Version { get; init; }
}

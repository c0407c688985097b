namespace Freshet.Api;

/// <summary>Why a request failed (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>Always about:blank: <see cref="Code"/> says what it is.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The status in words.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>What went wrong, in a sentence for people.</summary>
    public string? Detail { get; init; }

    /// <summary>What went wrong, for programs.</summary>
    public string? Code { get; init; }

    /// <summary>What is wrong with which member of the request, or null.</summary>
    public IReadOnlyDictionary<string, string>? Errors { get; init; }

    /// <summary>The torrent that exists already, or null.</summary>
    public string? Hash { get; init; }
}

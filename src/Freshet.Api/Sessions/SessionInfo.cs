namespace Freshet.Api;

/// <summary>The daemon and its session.</summary>
public sealed record SessionInfo
{
    /// <summary>The version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Where torrents go that do not say otherwise.</summary>
    public required string DownloadFolder { get; init; }

    /// <summary>The folders that paths in requests must lie in.</summary>
    public required IReadOnlyList<string> AllowedFolders { get; init; }

    /// <summary>The port that peers are told.</summary>
    public required int ListenPort { get; init; }

    /// <summary>Where peers can connect.</summary>
    public required IReadOnlyList<string> ListenEndPoints { get; init; }

    /// <summary>How it stands with the network.</summary>
    public required NetworkInfo Network { get; init; }

    /// <summary>What is wrong, in words: torrents that could not be restored at the start, watch folders that cannot be read.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>How the session stands.</summary>
    public required SessionState Status { get; init; }
}

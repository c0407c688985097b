namespace Freshet.Api;

/// <summary>A file of a torrent.</summary>
public sealed record FileItem
{
    /// <summary>Its place in the torrent, padding files counted.</summary>
    public required int Index { get; init; }

    /// <summary>Its path below the torrent's folder, as it is called now, with / between elements.</summary>
    public required string Path { get; init; }

    /// <summary>Its bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Its verified bytes.</summary>
    public required long Verified { get; init; }

    /// <summary>The verified part, 0 to 1; 1 if it is empty.</summary>
    public required double Progress { get; init; }

    /// <summary>How much it is wanted.</summary>
    public required PriorityCode Priority { get; init; }
}

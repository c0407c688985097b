namespace Freshet.Api;

/// <summary>A move of a torrent's files that is under way.</summary>
public sealed record MoveItem
{
    /// <summary>The absolute path of the folder that they are moved to.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes that are there.</summary>
    public required long Done { get; init; }

    /// <summary>Bytes that are to be moved; 0 until that is known.</summary>
    public required long Total { get; init; }
}

namespace Freshet.Api;

/// <summary>Which pieces of a torrent are there.</summary>
public sealed record PieceMap
{
    /// <summary>All pieces; 0 without metadata.</summary>
    public required int Count { get; init; }

    /// <summary>Bytes of a piece; 0 without metadata.</summary>
    public required int PieceLength { get; init; }

    /// <summary>A bit for each piece, the highest bit of the first byte first; in base64.</summary>
    public required byte[] Have { get; init; }
}

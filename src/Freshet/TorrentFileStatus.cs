using Freshet.Core.Rates;

namespace Freshet;

/// <summary>A file of a torrent at one moment. Immutable.</summary>
public sealed record TorrentFileStatus
{
    /// <summary>Its place in the torrent, from 0; the index into <see cref="TorrentOptions.FilePriorities"/>.</summary>
    public required int Index { get; init; }

    /// <summary>Its path in the torrent, made safe, with <c>/</c> between elements.</summary>
    public required string Path { get; init; }

    /// <summary>The absolute path at which it is stored, or will be.</summary>
    public required string StoredPath { get; init; }

    /// <summary>Its size.</summary>
    public required ByteSize Length { get; init; }

    /// <summary>How much it is wanted.</summary>
    public required FilePriority Priority { get; init; }

    /// <summary>Its bytes that are there and verified.</summary>
    public required ByteSize Verified { get; init; }

    /// <summary>The part of it that is there and verified, 0 to 1; 1 if it is empty.</summary>
    public double Progress => Length.Bytes == 0 ? 1 : (double)Verified.Bytes / Length.Bytes;

    /// <summary>Whether it only fills up to a piece border: zeros that are never stored (BEP 47).</summary>
    public required bool IsPadding { get; init; }
}

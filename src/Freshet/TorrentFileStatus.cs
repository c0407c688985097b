using Freshet.Core.Rates;

namespace Freshet;

/// <summary>A snapshot of a file of a torrent. Immutable.</summary>
public sealed record TorrentFileStatus
{
    /// <summary>The file's position in the torrent, from 0; the index into <see cref="TorrentOptions.FilePriorities"/>.</summary>
    public required int Index { get; init; }

    /// <summary>The file's path in the torrent, sanitized, with <c>/</c> between elements.</summary>
    public required string Path { get; init; }

    /// <summary>The absolute path at which the file is, or will be, stored.</summary>
    public required string StoredPath { get; init; }

    /// <summary>The file's size.</summary>
    public required ByteSize Length { get; init; }

    /// <summary>The file's priority.</summary>
    public required FilePriority Priority { get; init; }

    /// <summary>The file's verified bytes.</summary>
    public required ByteSize Verified { get; init; }

    /// <summary>The verified part of the file, 0 to 1; 1 if the file is empty.</summary>
    public double Progress => Length.Bytes == 0 ? 1 : (double)Verified.Bytes / Length.Bytes;

    /// <summary>Whether the file only pads to a piece boundary: zeros that are never stored (BEP 47).</summary>
    public required bool IsPadding { get; init; }
}

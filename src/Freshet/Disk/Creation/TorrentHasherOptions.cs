using System.Collections.Immutable;

namespace Freshet.Disk.Creation;

/// <summary>Options of a <see cref="TorrentHasher"/>.</summary>
internal sealed record TorrentHasherOptions
{
    /// <summary>The files in the torrent's order, including pad files.</summary>
    public required ImmutableArray<SourceFile> Files { get; init; }

    /// <summary>The piece length in bytes.</summary>
    public required int PieceLength { get; init; }

    /// <summary>The number of threads that read and hash; all cores by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Called with the bytes hashed so far, some hundred times a second, from any of the threads.</summary>
    public Action<long>? OnProgress { get; init; }
}

using System.Collections.Immutable;

namespace Freshet.Disk.Creation;

/// <summary>What a <see cref="TorrentHasher"/> hashes.</summary>
internal sealed record TorrentHasherOptions
{
    /// <summary>The files in the torrent's order, pad files in their places.</summary>
    public required ImmutableArray<SourceFile> Files { get; init; }

    /// <summary>Bytes of a piece.</summary>
    public required int PieceLength { get; init; }

    /// <summary>Threads that read and hash; all cores by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told of the bytes hashed so far, some hundred times a second, from any of the threads.</summary>
    public Action<long>? OnProgress { get; init; }
}

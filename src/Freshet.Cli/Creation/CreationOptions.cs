using System.Collections.Immutable;

namespace Freshet.Cli.Creation;

/// <summary>What a new torrent is to say beside its files.</summary>
internal sealed record CreationOptions
{
    public ImmutableArray<ImmutableArray<string>> Trackers { get; init; } = [];

    public ImmutableArray<string> WebSeeds { get; init; } = [];

    /// <summary>Bytes of a piece; null to choose by the size of the data.</summary>
    public int? PieceLength { get; init; }

    public bool IsPrivate { get; init; }

    public string? Comment { get; init; }

    public string? Source { get; init; }

    /// <summary>Null leaves it out.</summary>
    public DateTimeOffset? CreationDate { get; init; }
}

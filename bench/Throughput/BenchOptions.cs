using Freshet.Interop.Clients;

namespace Freshet.Throughput;

/// <summary>The options of the command line.</summary>
internal sealed record BenchOptions
{
    /// <summary>The number of runs of each measurement.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>The length of the data.</summary>
    public int SizeMiB { get; init; } = 2048;

    /// <summary>The length of a piece.</summary>
    public int PieceKiB { get; init; } = 1024;

    /// <summary>The number of seeds in a swarm.</summary>
    public int Seeds { get; init; } = 50;

    /// <summary>The number of leechers of one seed.</summary>
    public int Leechers { get; init; } = 8;

    /// <summary>The line between the two clients of a transfer; null for the machine's loopback as it is.</summary>
    public Line? Line { get; init; }

    /// <summary>The fraction of packets that a bottleneck loses at random.</summary>
    public double Loss { get; init; }

    /// <summary>The fraction of packets that a bottleneck lets others overtake.</summary>
    public double Reordered { get; init; }

    /// <summary>The number of processes that keep the machine busy during the measurement.</summary>
    public int Busy { get; init; }

    /// <summary>Whether a seed's data is dropped from the page cache before it is requested.</summary>
    public bool IsCold { get; init; }

    /// <summary>The clients to measure; empty for all.</summary>
    public IReadOnlyList<ClientKind> Only { get; init; } = [];

    /// <summary>The folder for the data; null for one in memory, if possible.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>The file to draw the rates to; null for none.</summary>
    public string? Picture { get; init; }

    public int PieceLength => PieceKiB * 1024;

    public long Length => SizeMiB * 1024L * 1024;

    public bool Wants(ClientKind kind) => Only.Count == 0 || Only.Contains(kind);
}
